// How the log looks: wrapped or not, numbered or not, how large. Remembered for all machines.
import FormControlLabel from '@mui/material/FormControlLabel';
import Slider from '@mui/material/Slider';
import Switch from '@mui/material/Switch';
import Typography from '@mui/material/Typography';
import { type ReactElement, useId } from 'react';
import { useText } from '../../i18n/text.ts';
import { Strip } from './find-bar.tsx';
import type { LogLook } from './log-view.tsx';

export const DEFAULT_LOOK: LogLook = { isWrapped: false, isNumbered: true, fontSize: 13 };
const FONT_SIZES = { min: 9, max: 24 };

export function isLogLook(stored: unknown): stored is LogLook {
  if (typeof stored !== 'object' || stored === null) return false;
  const { isWrapped, isNumbered, fontSize } = stored as Record<string, unknown>;
  return (
    typeof isWrapped === 'boolean' &&
    typeof isNumbered === 'boolean' &&
    typeof fontSize === 'number' &&
    fontSize >= FONT_SIZES.min &&
    fontSize <= FONT_SIZES.max
  );
}

export function LookBar({ look, onLook }: { look: LogLook; onLook(look: LogLook): void }): ReactElement {
  const { panes } = useText();
  const text = panes.logs;
  const sizeLabel = useId();
  return (
    <Strip label={text.look}>
      <FormControlLabel
        control={<Switch checked={look.isWrapped} onChange={(_event, isWrapped) => onLook({ ...look, isWrapped })} />}
        label={text.wrap}
      />
      <FormControlLabel
        control={
          <Switch checked={look.isNumbered} onChange={(_event, isNumbered) => onLook({ ...look, isNumbered })} />
        }
        label={text.lineNumbers}
      />
      <Typography id={sizeLabel} sx={{ ml: 1 }}>
        {text.fontSize}
      </Typography>
      <Slider
        {...FONT_SIZES}
        size="small"
        aria-labelledby={sizeLabel}
        value={look.fontSize}
        onChange={(_event, fontSize) => onLook({ ...look, fontSize: fontSize as number })}
        sx={{ width: 160 }}
      />
      <Typography variant="body2" color="textSecondary" sx={{ width: '5ch' }}>
        {look.fontSize} px
      </Typography>
    </Strip>
  );
}
