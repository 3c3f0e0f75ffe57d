// The Host key, chosen by pressing it. Keys that guests need for writing are refused with the reason.
import FormHelperText from '@mui/material/FormHelperText';
import FormLabel from '@mui/material/FormLabel';
import Stack from '@mui/material/Stack';
import { type ReactElement, useState } from 'react';
import { useText } from '../../i18n/text.ts';
import { KeyCapture } from './key-capture.tsx';

const SUITABLE =
  /^(Control|Alt|Shift|Meta)(Left|Right)$|^F\d{1,2}$|^(ContextMenu|ScrollLock|Pause|NumLock|CapsLock|Insert|Launch\w+|NonConvert|Convert|KanaMode|Lang\d)$/;

export function HostKeyField({ value, onChange }: { value: string; onChange(code: string): void }): ReactElement {
  const { preferences } = useText();
  const text = preferences.input;
  const [refused, setRefused] = useState('');
  return (
    <>
      <Stack direction="row" spacing={2} sx={{ alignItems: 'center' }}>
        <FormLabel>{text.hostKey}</FormLabel>
        <KeyCapture
          label={text.hostKey}
          value={keyName(value, text.keyNames)}
          emptyText=""
          read={(event) => event.code}
          onKey={(code) => {
            const isSuitable = SUITABLE.test(code);
            setRefused(isSuitable ? '' : code);
            if (isSuitable) onChange(code);
          }}
        />
      </Stack>
      <FormHelperText error={refused !== ''} role={refused === '' ? undefined : 'alert'}>
        {refused === '' ? text.hostKeyHelp : text.hostKeyRefused(keyName(refused, text.keyNames))}
      </FormHelperText>
    </>
  );
}

/** A key code as people call the key: "Right Ctrl". */
export function keyName(code: string, names: Readonly<Record<string, string>>): string {
  return names[code] ?? code.replace(/^Key|^Digit/, '');
}
