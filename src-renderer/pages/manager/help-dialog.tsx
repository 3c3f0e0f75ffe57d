// Contents: how the window is used, and all its keys as they are set now.
import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableRow from '@mui/material/TableRow';
import Typography from '@mui/material/Typography';
import type { ReactElement } from 'react';
import { useText } from '../../i18n/text.ts';
import type { VerbName, Verbs } from './verbs.tsx';

interface HelpDialogProps {
  verbs: Verbs;
  keysOf(name: VerbName): string | null;
  onClose(): void;
}

export function HelpDialog({ verbs, keysOf, onClose }: HelpDialogProps): ReactElement {
  const { common, manager } = useText();
  const text = manager.helpDialog;
  const keys = (Object.keys(verbs) as VerbName[]).flatMap((name): [string, string][] => {
    const chord = keysOf(name);
    return chord ? [[verbs[name].title, chord]] : [];
  });
  return (
    <Dialog open onClose={onClose} fullWidth maxWidth="md">
      <DialogTitle>{text.title}</DialogTitle>
      <DialogContent tabIndex={0} sx={{ display: 'grid', gap: 3, gridTemplateColumns: { xs: '1fr', md: '1fr 1fr' } }}>
        <div>
          {text.topics.map(({ title, text: words }) => (
            <section key={title}>
              <Typography variant="subtitle2" component="h3">
                {title}
              </Typography>
              <Typography variant="body2" color="text.secondary" sx={{ mb: 2 }}>
                {words}
              </Typography>
            </section>
          ))}
        </div>
        <div>
          <KeyTable title={text.keys} rows={keys} />
          <KeyTable title={text.listKeys} rows={text.listKeyRows.map(({ what, keys: chord }) => [what, chord])} />
        </div>
      </DialogContent>
      <DialogActions>
        <Button autoFocus onClick={onClose}>
          {common.close}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

function KeyTable({ title, rows }: { title: string; rows: [string, string][] }): ReactElement {
  return (
    <>
      <Typography variant="subtitle2" component="h3">
        {title}
      </Typography>
      <Table size="small" aria-label={title} sx={{ mb: 2 }}>
        <TableBody>
          {rows.map(([what, chord]) => (
            <TableRow key={what}>
              <TableCell sx={{ pl: 0, py: 0.5 }}>{what}</TableCell>
              <TableCell align="right" sx={{ pr: 0, py: 0.5, whiteSpace: 'nowrap', color: 'text.secondary' }}>
                {chord}
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </>
  );
}
