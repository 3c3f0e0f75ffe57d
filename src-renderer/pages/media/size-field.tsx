// The size of a new disk: a number and its unit.
import MenuItem from '@mui/material/MenuItem';
import Stack from '@mui/material/Stack';
import TextField from '@mui/material/TextField';
import { type ReactElement, useState } from 'react';
import { useText } from '../../i18n/text.ts';

const MIB = 2 ** 20;
const GIB = 2 ** 30;
const MIN_BYTES = MIB;
const MAX_BYTES = 2 ** 43;

/** In bytes: 360 KiB, 720 KiB, 1.2 MiB, 1.44 MiB and 2.88 MiB, as they are called. */
export const FLOPPY_SIZES = [368_640, 737_280, 1_228_800, 1_474_560, 2_949_120] as const;

export function sizeProblem(bytes: number, text: { sizeRange: string }): string {
  return Number.isInteger(bytes) && bytes >= MIN_BYTES && bytes <= MAX_BYTES ? '' : text.sizeRange;
}

export function DiskSizeField({ value, onChange }: { value: number; onChange(bytes: number): void }): ReactElement {
  const { panes } = useText();
  const text = panes.media;
  const [unit, setUnit] = useState(GIB);
  const [typed, setTyped] = useState(String(value / GIB));
  const change = (written: string, factor: number): void => {
    setTyped(written);
    setUnit(factor);
    // Whole sectors only.
    onChange(Math.round((Number(written.replace(',', '.')) * factor) / 512) * 512);
  };
  const problem = sizeProblem(value, text);
  return (
    <Stack direction="row" spacing={1} sx={{ alignItems: 'flex-start' }}>
      <TextField
        label={text.size}
        value={typed}
        error={problem !== ''}
        helperText={problem || ' '}
        onChange={(event) => change(event.target.value, unit)}
        slotProps={{ htmlInput: { inputMode: 'decimal' } }}
        sx={{ flex: 1 }}
      />
      <TextField
        select
        label={text.unit}
        value={unit}
        onChange={(event) => change(typed, Number(event.target.value))}
        sx={{ width: 110 }}
      >
        <MenuItem value={MIB}>MiB</MenuItem>
        <MenuItem value={GIB}>GiB</MenuItem>
      </TextField>
    </Stack>
  );
}
