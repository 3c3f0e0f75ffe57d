// What the settings dialog has to say or ask: a conflict, what is not right, and whether to leave without saving.
import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogContentText from '@mui/material/DialogContentText';
import DialogTitle from '@mui/material/DialogTitle';
import Link from '@mui/material/Link';
import type { ReactElement } from 'react';
import { useText } from '../../i18n/text.ts';
import type { FieldName } from './pages.ts';
import type { Problem } from './problems.ts';

interface ConflictAlertProps {
  isShown: boolean;
  onResolve(choice: 'theirs' | 'mine'): void;
}

export function ConflictAlert({ isShown, onResolve }: ConflictAlertProps): ReactElement | null {
  const { settings: text } = useText();
  if (!isShown) return null;
  return (
    <Alert
      severity="warning"
      sx={{ borderRadius: 0 }}
      action={
        <>
          <Button color="inherit" size="small" onClick={() => onResolve('theirs')}>
            {text.reload}
          </Button>
          <Button color="inherit" size="small" onClick={() => onResolve('mine')}>
            {text.keepMine}
          </Button>
        </>
      }
    >
      {text.conflict}
    </Alert>
  );
}

interface ProblemStripProps {
  problems: readonly Problem[];
  onShow(field: FieldName): void;
}

export function ProblemStrip({ problems, onShow }: ProblemStripProps): ReactElement | null {
  const { settings: text } = useText();
  if (problems.length === 0) return null;
  return (
    <Alert
      severity="warning"
      sx={{ borderRadius: 0, maxHeight: '7rem', overflow: 'auto', flexShrink: 0, py: 0 }}
      data-testid="problems"
    >
      {text.invalidCount(problems.length)}
      <Box component="ul" sx={{ m: 0, pl: 2.5 }}>
        {problems.map(({ field, index, message }) => (
          <li key={`${field} ${index}`}>
            <Link component="button" type="button" color="inherit" onClick={() => onShow(field)}>
              {text.fields[field].label}
            </Link>
            {`: ${message}`}
          </li>
        ))}
      </Box>
    </Alert>
  );
}

interface LeaveQuestionProps {
  /** How many changes would be lost. */
  count: number;
  onStay(): void;
  onLeave(): void;
}

export function LeaveQuestion({ count, onStay, onLeave }: LeaveQuestionProps): ReactElement {
  const { settings: text } = useText();
  return (
    <Dialog open onClose={onStay} maxWidth="xs" aria-labelledby="leave-title">
      <DialogTitle id="leave-title">{text.discardTitle}</DialogTitle>
      <DialogContent>
        <DialogContentText>{text.discardText(count)}</DialogContentText>
      </DialogContent>
      <DialogActions>
        <Button autoFocus onClick={onStay}>
          {text.goOn}
        </Button>
        <Button variant="contained" color="error" onClick={onLeave}>
          {text.discard}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
