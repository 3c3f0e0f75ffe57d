// Sliders with a field beside them: memory, coloured by what the host can spare, and the size of a disk.
import Box from '@mui/material/Box';
import InputAdornment from '@mui/material/InputAdornment';
import Slider from '@mui/material/Slider';
import Stack from '@mui/material/Stack';
import TextField from '@mui/material/TextField';
import { type ReactElement, useState } from 'react';
import { MEMORY_MAX_MIB, MEMORY_MIN_MIB } from '../../src-main/contract/machine.ts';
import { useHost } from '../client/store.ts';
import { useText } from '../i18n/text.ts';
import { NumberControl } from './controls.tsx';
import type { FieldIds } from './field.tsx';
import { memoryPlace, memorySteps, zonesOf } from './memory-zones.ts';
import { formatSize, parseSize } from './size.ts';

interface MemoryControlProps {
  ids: FieldIds;
  value: number;
  isDisabled?: boolean;
  isInvalid?: boolean;
  onChange(mib: number): void;
}

export function MemoryControl({
  ids,
  value,
  isDisabled = false,
  isInvalid = false,
  onChange,
}: MemoryControlProps): ReactElement {
  const { settings: text } = useText();
  const hostMib = useHost((host) => host.info?.memoryMib) ?? 0;
  const [tight, excessive] = zonesOf(hostMib);
  const at = (share: number): string => `${Math.round(share * 100)}%`;
  const rail =
    `linear-gradient(to right, var(--mui-palette-success-main) ${at(tight)}, var(--mui-palette-warning-main) ${at(tight)} ${at(excessive)}, ` +
    `var(--mui-palette-error-main) ${at(excessive)})`;
  return (
    <Stack direction="row" spacing={2.5} sx={{ alignItems: 'flex-start', pl: 1 }}>
      <Box sx={{ flex: 1, minWidth: 0, pr: 1.5 }}>
        <Slider
          aria-labelledby={ids.labelId}
          size="small"
          track={false}
          disabled={isDisabled}
          min={0}
          max={memorySteps.length - 1}
          step={null}
          marks={memorySteps.map((mib, index) => ({
            value: index,
            ...([16, 128, 1024, MEMORY_MAX_MIB].includes(mib) ? { label: formatSize(mib * 2 ** 20) } : {}),
          }))}
          value={Number.isNaN(value) ? 0 : memoryPlace(value)}
          getAriaValueText={() => `${value} MiB`}
          onChange={(_event, index) => onChange(memorySteps[index as number] ?? MEMORY_MIN_MIB)}
          sx={{
            '& .MuiSlider-rail': { background: rail, opacity: isDisabled ? 0.35 : 0.85, height: 6 },
            '& .MuiSlider-mark': { opacity: 0.35 },
            '& .MuiSlider-markLabel': { fontSize: '0.75rem' },
            mb: '0.9rem',
          }}
        />
      </Box>
      <NumberControl
        ids={ids}
        value={value}
        unit={text.memory.unit}
        isDisabled={isDisabled}
        isInvalid={isInvalid}
        onChange={onChange}
      />
    </Stack>
  );
}

/** What the chosen memory means for this computer, below the slider. */
export function useMemoryHelp(mib: number): string {
  const { settings: text } = useText();
  const hostMib = useHost((host) => host.info?.memoryMib) ?? 0;
  if (hostMib === 0 || Number.isNaN(mib) || mib > MEMORY_MAX_MIB) return '';
  const verdict =
    mib > hostMib * 0.8 ? text.memory.excessive : mib > hostMib * 0.5 ? text.memory.tight : text.memory.plenty;
  return `${text.memory.host(formatSize(hostMib * 2 ** 20))} ${verdict}`;
}

interface PercentControlProps extends MemoryControlProps {
  min: number;
  max: number;
}

export function PercentControl(props: PercentControlProps): ReactElement {
  const { ids, value, min, max, isDisabled = false, isInvalid = false, onChange } = props;
  const { settings: text } = useText();
  return (
    <Stack direction="row" spacing={2.5} sx={{ alignItems: 'flex-start', pl: 1 }}>
      <Slider
        aria-labelledby={ids.labelId}
        size="small"
        disabled={isDisabled}
        min={min}
        max={max}
        value={Number.isNaN(value) ? min : Math.min(max, Math.max(min, value))}
        getAriaValueText={(shown) => `${shown} ${text.percent}`}
        onChange={(_event, chosen) => onChange(chosen as number)}
      />
      <NumberControl
        ids={ids}
        value={value}
        unit={text.percent}
        isDisabled={isDisabled}
        isInvalid={isInvalid}
        onChange={onChange}
      />
    </Stack>
  );
}

const SIZE_MIN_POWER = 22;
const SIZE_MAX_POWER = 41;

interface SizeControlProps {
  ids: FieldIds;
  /** NaN while what is typed is no size. */
  bytes: number;
  isDisabled?: boolean;
  isInvalid?: boolean;
  onChange(bytes: number): void;
}

/** 4 MiB to 2 TiB by the slider, a quarter of a doubling a step; anything by the field. */
export function SizeControl({
  ids,
  bytes,
  isDisabled = false,
  isInvalid = false,
  onChange,
}: SizeControlProps): ReactElement {
  const { settings: text } = useText();
  const [typed, setTyped] = useState(formatSize(bytes));
  const shown = Object.is(parseSize(typed), bytes) || Number.isNaN(bytes) ? typed : formatSize(bytes);
  const place = Number.isNaN(bytes) || bytes <= 0 ? SIZE_MIN_POWER : Math.log2(bytes);
  return (
    <Stack direction="row" spacing={2.5} sx={{ alignItems: 'flex-start', pl: 1 }}>
      <Box sx={{ flex: 1, minWidth: 0, pr: 1.5 }}>
        <Slider
          aria-labelledby={ids.labelId}
          size="small"
          disabled={isDisabled}
          min={SIZE_MIN_POWER}
          max={SIZE_MAX_POWER}
          step={0.25}
          value={Math.min(SIZE_MAX_POWER, Math.max(SIZE_MIN_POWER, place))}
          getAriaValueText={() => formatSize(bytes)}
          marks={[22, 30, 35, 41].map((power) => ({ value: power, label: formatSize(2 ** power) }))}
          onChange={(_event, power) => onChange(roundedSize(2 ** (power as number)))}
          sx={{ '& .MuiSlider-markLabel': { fontSize: '0.75rem' }, mb: '0.9rem' }}
        />
      </Box>
      <TextField
        id={ids.id}
        value={shown}
        disabled={isDisabled}
        error={isInvalid}
        placeholder="20 GiB"
        onChange={(event) => {
          setTyped(event.target.value);
          onChange(parseSize(event.target.value));
        }}
        slotProps={{
          htmlInput: { 'aria-describedby': ids.describedBy, autoComplete: 'off' },
          ...(Number.isNaN(bytes)
            ? { input: { endAdornment: <InputAdornment position="end">?</InputAdornment> } }
            : {}),
        }}
        sx={{ width: 120, flexShrink: 0 }}
        aria-label={text.size.label}
      />
    </Stack>
  );
}

/** To whole GiB above 8 GiB, whole MiB below: what people would write. */
function roundedSize(bytes: number): number {
  const unit = bytes >= 8 * 2 ** 30 ? 2 ** 30 : 2 ** 20;
  return Math.round(bytes / unit) * unit;
}
