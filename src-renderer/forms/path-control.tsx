// A file of the host in a form row: typed, or chosen in a dialog.
import Button from '@mui/material/Button';
import Stack from '@mui/material/Stack';
import TextField from '@mui/material/TextField';
import type { ReactElement } from 'react';
import { useText } from '../i18n/text.ts';
import type { FieldIds } from './field.tsx';
import { useFileChoice } from './use-file-choice.tsx';

interface PathControlProps {
  ids: FieldIds;
  /** Title of the dialog. */
  title: string;
  value: string;
  extensions: readonly string[];
  isDisabled?: boolean;
  isInvalid?: boolean;
  onChange(path: string): void;
}

export function PathControl(props: PathControlProps): ReactElement {
  const { ids, title, value, extensions, isDisabled = false, isInvalid = false, onChange } = props;
  const { settings: text } = useText();
  const [ask, dialog] = useFileChoice();
  return (
    <Stack direction="row" spacing={1} sx={{ alignItems: 'flex-start' }}>
      <TextField
        id={ids.id}
        fullWidth
        value={value}
        disabled={isDisabled}
        error={isInvalid}
        onChange={(event) => onChange(event.target.value)}
        slotProps={{ htmlInput: { 'aria-describedby': ids.describedBy, spellCheck: false, autoComplete: 'off' } }}
      />
      <Button
        variant="outlined"
        disabled={isDisabled}
        aria-label={`${text.choose} ${title}`}
        onClick={() => ask({ title, extensions: [...extensions], onChoose: onChange })}
        sx={{ height: 40, flexShrink: 0 }}
      >
        {text.choose}
      </Button>
      {dialog}
    </Stack>
  );
}
