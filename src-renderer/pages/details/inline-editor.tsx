// A value that opens a small form when it is clicked: Enter or OK saves, Escape leaves it as it is.
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import FormHelperText from '@mui/material/FormHelperText';
import Link from '@mui/material/Link';
import Popover from '@mui/material/Popover';
import Stack from '@mui/material/Stack';
import Tooltip from '@mui/material/Tooltip';
import Typography from '@mui/material/Typography';
import { type ReactElement, type ReactNode, useId, useState } from 'react';
import type { FieldIds } from '../../forms/field.tsx';
import { useText } from '../../i18n/text.ts';

interface InlineEditorProps<Value> {
  /** What is edited, as the settings name it. */
  title: string;
  /** How the value reads. */
  shown: string;
  value: Value;
  /** The machine runs, and this cannot change then. */
  isLocked?: boolean;
  width?: number;
  /** What is wrong with a value; empty when nothing is. */
  problem?(value: Value): string;
  help?(value: Value): ReactNode;
  save(value: Value): Promise<unknown>;
  children(ids: FieldIds, value: Value, set: (value: Value) => void, isInvalid: boolean): ReactNode;
}

export function InlineEditor<Value>(props: InlineEditorProps<Value>): ReactElement {
  const { title, shown, isLocked = false } = props;
  const { details: text } = useText();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  if (isLocked)
    return (
      <Tooltip title={text.locked}>
        <span>{shown}</span>
      </Tooltip>
    );
  return (
    <>
      <Link
        component="button"
        type="button"
        variant="body2"
        underline="hover"
        aria-haspopup="dialog"
        aria-label={text.change(title, shown)}
        onClick={(event) => setAnchor(event.currentTarget)}
        sx={{ textAlign: 'start', overflowWrap: 'anywhere', verticalAlign: 'baseline', whiteSpace: 'pre-wrap' }}
      >
        {shown}
      </Link>
      {anchor && <EditorForm {...props} anchor={anchor} onClose={() => setAnchor(null)} />}
    </>
  );
}

function EditorForm<Value>(props: InlineEditorProps<Value> & { anchor: HTMLElement; onClose(): void }): ReactElement {
  const { title, value: before, width = 380, problem, help, save, children, anchor, onClose } = props;
  const { common } = useText();
  const id = useId();
  const ids = { id, labelId: `${id}-label`, describedBy: `${id}-help` };
  const [value, setValue] = useState(before);
  const [failure, setFailure] = useState('');
  const [isBusy, setIsBusy] = useState(false);
  const wrong = problem?.(value) ?? '';
  const message = failure === '' ? wrong : failure;
  const submit = async (): Promise<void> => {
    if (wrong !== '' || isBusy) return;
    setIsBusy(true);
    setFailure('');
    try {
      await save(value);
      onClose();
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
      setIsBusy(false);
    }
  };
  return (
    <Popover
      open
      anchorEl={anchor}
      onClose={onClose}
      anchorOrigin={{ vertical: 'bottom', horizontal: 'left' }}
      slotProps={{
        paper: { role: 'dialog', 'aria-labelledby': ids.labelId, sx: { width, maxWidth: 'calc(100vw - 2rem)' } },
      }}
    >
      <Box
        component="form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
        sx={{ p: 2 }}
      >
        <Typography
          component="label"
          htmlFor={ids.id}
          id={ids.labelId}
          variant="subtitle2"
          sx={{ display: 'block', mb: 1 }}
        >
          {title}
        </Typography>
        {children(ids, value, setValue, message !== '')}
        <FormHelperText id={ids.describedBy} error={message !== ''} sx={{ mx: 0, minHeight: '1.25rem' }}>
          {message === '' ? help?.(value) : message}
        </FormHelperText>
        <Stack direction="row" spacing={1} sx={{ justifyContent: 'flex-end', mt: 1 }}>
          <Button size="small" onClick={onClose}>
            {common.cancel}
          </Button>
          <Button size="small" variant="contained" type="submit" disabled={wrong !== '' || isBusy}>
            {common.ok}
          </Button>
        </Stack>
      </Box>
    </Popover>
  );
}
