// Where a new file goes: its whole path, typed, or its folder chosen.
import Button from '@mui/material/Button';
import Stack from '@mui/material/Stack';
import TextField from '@mui/material/TextField';
import { type ReactElement, useState } from 'react';
import { FileChooser } from '../../components/file-chooser.tsx';
import { useText } from '../../i18n/text.ts';
import { fileName, joinPath } from './paths.ts';

interface TargetFieldProps {
  label: string;
  value: string;
  onChange(path: string): void;
}

export function TargetField({ label, value, onChange }: TargetFieldProps): ReactElement {
  const { common, panes } = useText();
  const [isChoosing, setIsChoosing] = useState(false);
  const problem = targetProblem(value, panes.media);
  return (
    <Stack direction="row" spacing={1} sx={{ alignItems: 'flex-start' }}>
      <TextField
        fullWidth
        autoFocus
        label={label}
        value={value}
        error={problem !== ''}
        helperText={problem || ' '}
        onChange={(event) => onChange(event.target.value)}
      />
      <Button variant="outlined" sx={{ height: 40, flexShrink: 0 }} onClick={() => setIsChoosing(true)}>
        {common.browse}
      </Button>
      <FileChooser
        isOpen={isChoosing}
        kind="folder"
        title={label}
        onClose={() => setIsChoosing(false)}
        onChoose={(folder) => {
          setIsChoosing(false);
          onChange(joinPath(folder, fileName(value)));
        }}
      />
    </Stack>
  );
}

/** One sentence; empty when the path can be a new file's. */
export function targetProblem(path: string, text: { notAbsolute: string; noFileName: string }): string {
  if (!/^(\/|[a-z]:[\\/]|\\\\)/i.test(path)) return text.notAbsolute;
  return fileName(path) === '' ? text.noFileName : '';
}
