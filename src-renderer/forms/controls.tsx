// The plain controls of a form row: text, number, choice and switch.
import Checkbox from '@mui/material/Checkbox';
import FormControlLabel from '@mui/material/FormControlLabel';
import InputAdornment from '@mui/material/InputAdornment';
import MenuItem from '@mui/material/MenuItem';
import Select from '@mui/material/Select';
import TextField from '@mui/material/TextField';
import Tooltip from '@mui/material/Tooltip';
import { type ReactElement, useState } from 'react';
import type { FieldIds } from './field.tsx';

interface ControlProps {
  ids: FieldIds;
  isDisabled?: boolean;
  isInvalid?: boolean;
}

interface TextControlProps extends ControlProps {
  value: string;
  placeholder?: string;
  rows?: number;
  hasFocus?: boolean;
  onChange(value: string): void;
}

export function TextControl(props: TextControlProps): ReactElement {
  const { ids, value, placeholder, rows, isDisabled = false, isInvalid = false, hasFocus = false, onChange } = props;
  return (
    <TextField
      id={ids.id}
      fullWidth
      value={value}
      disabled={isDisabled}
      error={isInvalid}
      autoFocus={hasFocus}
      {...(placeholder === undefined ? {} : { placeholder })}
      {...(rows === undefined ? {} : { multiline: true, minRows: rows, maxRows: rows * 2 })}
      onChange={(event) => onChange(event.target.value)}
      slotProps={{ htmlInput: { 'aria-describedby': ids.describedBy, spellCheck: rows !== undefined } }}
    />
  );
}

interface NumberControlProps extends ControlProps {
  /** NaN while what is typed is no number. */
  value: number;
  unit: string;
  hasFocus?: boolean;
  onChange(value: number): void;
}

export function NumberControl(props: NumberControlProps): ReactElement {
  const { ids, value, unit, isDisabled = false, isInvalid = false, hasFocus = false, onChange } = props;
  const [typed, setTyped] = useState(String(value));
  // A value from elsewhere, such as the slider beside, takes the place of what was typed.
  const shown = Object.is(numberOf(typed), value) ? typed : Number.isNaN(value) ? typed : String(value);
  return (
    <TextField
      id={ids.id}
      value={shown}
      disabled={isDisabled}
      error={isInvalid}
      autoFocus={hasFocus}
      onChange={(event) => {
        setTyped(event.target.value);
        onChange(numberOf(event.target.value));
      }}
      slotProps={{
        htmlInput: { inputMode: 'numeric', 'aria-describedby': ids.describedBy, autoComplete: 'off' },
        input: { endAdornment: <InputAdornment position="end">{unit}</InputAdornment> },
      }}
      sx={{ width: 120, flexShrink: 0 }}
    />
  );
}

/** NaN for anything but an unsigned decimal number. */
export function numberOf(text: string): number {
  return /^\d{1,15}$/.test(text.trim()) ? Number(text) : Number.NaN;
}

export interface Choice<Value extends string | number> {
  value: Value;
  title: string;
  /** Why it cannot be chosen; empty when it can. */
  reason?: string;
}

interface ChoiceControlProps<Value extends string | number> extends ControlProps {
  value: Value;
  choices: readonly Choice<Value>[];
  hasFocus?: boolean;
  onChange(value: Value): void;
}

export function ChoiceControl<Value extends string | number>(props: ChoiceControlProps<Value>): ReactElement {
  const { ids, value, choices, isDisabled = false, isInvalid = false, hasFocus = false, onChange } = props;
  return (
    <Select
      id={ids.id}
      labelId={ids.labelId}
      fullWidth
      size="small"
      value={value}
      disabled={isDisabled}
      error={isInvalid}
      autoFocus={hasFocus}
      onChange={(event) => onChange(event.target.value as Value)}
      inputProps={{ 'aria-describedby': ids.describedBy }}
      MenuProps={{ slotProps: { paper: { sx: { maxHeight: 360 } } } }}
    >
      {choices.map(({ value: choice, title, reason = '' }) => (
        <MenuItem key={choice} value={choice} disabled={reason !== ''} dense>
          {reason === '' ? title : `${title} — ${reason}`}
        </MenuItem>
      ))}
    </Select>
  );
}

interface SwitchControlProps extends ControlProps {
  title: string;
  isOn: boolean;
  /** Why it cannot be switched. */
  reason?: string;
  onChange(isOn: boolean): void;
}

export function SwitchControl(props: SwitchControlProps): ReactElement {
  const { ids, title, isOn, reason = '', isDisabled = false, onChange } = props;
  return (
    <Tooltip title={reason} describeChild>
      <FormControlLabel
        disabled={isDisabled || reason !== ''}
        control={
          <Checkbox
            id={ids.id}
            size="small"
            checked={isOn}
            onChange={(event) => onChange(event.target.checked)}
            slotProps={{ input: { 'aria-describedby': ids.describedBy } }}
          />
        }
        label={title}
        slotProps={{ typography: { variant: 'body2' } }}
      />
    </Tooltip>
  );
}
