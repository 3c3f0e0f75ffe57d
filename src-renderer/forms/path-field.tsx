// A file of the host: typed, or chosen in a dialog.
import Button from '@mui/material/Button';
import Stack from '@mui/material/Stack';
import TextField from '@mui/material/TextField';
import { type ReactElement, useState } from 'react';
import { client } from '../client/client.ts';
import { FileChooser } from '../components/file-chooser.tsx';

interface PathFieldProps {
  label: string;
  value: string;
  extensions: string[];
  helperText?: string;
  onChange(path: string): void;
}

export function PathField({ label, value, extensions, helperText, onChange }: PathFieldProps): ReactElement {
  const [isChoosing, setIsChoosing] = useState(false);
  const choose = async (): Promise<void> => {
    if (!window.ospiteDesktop) return setIsChoosing(true);
    const path = await window.ospiteDesktop.chooseFile({ title: label, extensions });
    if (path !== null) onChange(path);
  };
  return (
    <Stack direction="row" spacing={1} sx={{ alignItems: 'flex-start' }}>
      <TextField
        fullWidth
        label={label}
        value={value}
        helperText={helperText}
        onChange={(event) => onChange(event.target.value)}
      />
      <Button variant="outlined" sx={{ height: 40 }} onClick={() => void choose()}>
        Choose…
      </Button>
      <FileChooser
        isOpen={isChoosing}
        title={label}
        extensions={extensions}
        browse={(path) => client.call('host.browse', { path })}
        onClose={() => setIsChoosing(false)}
        onChoose={(path) => {
          setIsChoosing(false);
          onChange(path);
        }}
      />
    </Stack>
  );
}
