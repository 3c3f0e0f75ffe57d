// A PC keyboard on the screen: for guests whose keys the host's keyboard lacks, for keys the host keeps to itself, and for touch.
// It floats over the guest's screen and never takes the focus from it.
import CloseIcon from '@mui/icons-material/Close';
import DragIcon from '@mui/icons-material/DragIndicator';
import Box from '@mui/material/Box';
import ButtonBase from '@mui/material/ButtonBase';
import IconButton from '@mui/material/IconButton';
import Paper from '@mui/material/Paper';
import ToggleButton from '@mui/material/ToggleButton';
import ToggleButtonGroup from '@mui/material/ToggleButtonGroup';
import Tooltip from '@mui/material/Tooltip';
import Typography from '@mui/material/Typography';
import { type PointerEvent, type ReactElement, useEffect, useRef, useState } from 'react';
import { isModifier } from '../../display/keyboard.ts';
import { type LayoutId, layouts } from '../../display/keyboard-layouts.ts';
import { useText } from '../../i18n/text.ts';
import { useConsole } from './console-store.ts';
import { sendKeys } from './guest-keys.ts';
import { rememberedLayout, rememberLayout } from './guest-layout.ts';
import { type KeyPlace, mainKeys, sideBlock } from './soft-keyboard-keys.ts';
import { useDragged } from './use-dragged.ts';

export function SoftKeyboard({ id }: { id: string }): ReactElement {
  const { console: text } = useText();
  const [layout, setLayout] = useState<LayoutId>(rememberedLayout);
  const { held, tap, down, up } = useSoftKeys(id);
  const leds = useConsole((state) => state.leds ?? 0);
  const panel = useRef<HTMLDivElement>(null);
  const drag = useDragged(panel);
  const isShifted = held.has('ShiftLeft') || held.has('ShiftRight');
  const isAltGr = held.has('AltRight');
  const rows = (block: readonly (readonly KeyPlace[])[]): ReactElement => (
    <Box sx={{ display: 'grid', gap: 0.375 }}>
      {block.map((row) => (
        <Box key={row.map(({ code }) => code).join()} sx={{ display: 'flex', gap: 0.375 }}>
          {row.map((key) =>
            key.code === '' ? (
              <Box key={`gap-${key.at}`} sx={{ width: unit(key.width ?? 1) }} />
            ) : (
              <Key
                key={key.code}
                place={key}
                caps={capsOf(key, layout, isShifted, isAltGr, (leds & 4) !== 0)}
                isHeld={held.has(key.code)}
                isLit={(key.code === 'CapsLock' && (leds & 4) !== 0) || (key.code === 'NumLock' && (leds & 2) !== 0)}
                onDown={() => down(key.code)}
                onUp={() => up(key.code)}
                onTap={() => tap(key.code)}
              />
            ),
          )}
        </Box>
      ))}
    </Box>
  );
  return (
    <Paper
      ref={panel}
      elevation={12}
      role="group"
      aria-label={text.softKeyboard.title}
      onMouseDown={(event) => event.preventDefault()}
      style={drag.style}
      sx={{ position: 'absolute', bottom: 12, left: '50%', maxWidth: '100%', overflow: 'auto', p: 1, zIndex: 2 }}
    >
      <Box sx={{ display: 'flex', alignItems: 'center', gap: 1, mb: 0.75 }}>
        <Tooltip title={text.softKeyboard.move}>
          <Box
            {...drag.handle}
            sx={{ display: 'flex', alignItems: 'center', gap: 0.5, cursor: 'move', touchAction: 'none' }}
          >
            <DragIcon fontSize="small" color="action" />
            <Typography variant="subtitle2" component="h2">
              {text.softKeyboard.title}
            </Typography>
          </Box>
        </Tooltip>
        <Typography variant="caption" color="text.secondary" noWrap sx={{ flex: 1, minWidth: 0 }}>
          {text.softKeyboard.hint}
        </Typography>
        <ToggleButtonGroup
          size="small"
          exclusive
          value={layout}
          aria-label={text.softKeyboard.layout}
          onChange={(_event, chosen: LayoutId | null) => {
            if (!chosen) return;
            setLayout(chosen);
            rememberLayout(chosen);
          }}
        >
          {(Object.keys(layouts) as LayoutId[]).map((one) => (
            <ToggleButton key={one} value={one} sx={{ py: 0, px: 1 }}>
              {text.layouts[one]}
            </ToggleButton>
          ))}
        </ToggleButtonGroup>
        <Tooltip title={text.softKeyboard.close}>
          <IconButton
            size="small"
            aria-label={text.softKeyboard.close}
            onClick={() => useConsole.setState({ hasSoftKeyboard: false })}
          >
            <CloseIcon fontSize="small" />
          </IconButton>
        </Tooltip>
      </Box>
      <Box sx={{ display: 'flex', gap: 1.5, width: 'max-content' }}>
        {rows(mainKeys(layouts[layout]['IntlBackslash'] !== undefined))}
        {rows(sideBlock)}
      </Box>
    </Paper>
  );
}

/** Keys pressed here. Modifiers stay down until the next other key; nothing stays down when the keyboard goes. */
function useSoftKeys(id: string) {
  const [held, setHeld] = useState<ReadonlySet<string>>(new Set());
  const latest = useRef(held);
  latest.current = held;
  useEffect(
    () => () => {
      if (latest.current.size > 0)
        sendKeys(
          id,
          [...latest.current].map((code) => ({ code, isDown: false })),
        );
    },
    [id],
  );
  const hold = (codes: string[]): void => {
    latest.current = new Set(codes);
    setHeld(latest.current);
  };
  const down = (code: string): void => {
    const isHeld = latest.current.has(code);
    if (isModifier(code) && isHeld) {
      sendKeys(id, [{ code, isDown: false }]);
      hold([...latest.current].filter((other) => other !== code));
    } else if (!isHeld) {
      sendKeys(id, [{ code, isDown: true }]);
      hold([...latest.current, code]);
    }
  };
  const up = (code: string): void => {
    if (isModifier(code) || !latest.current.has(code)) return;
    const modifiers = [...latest.current].filter(isModifier);
    sendKeys(
      id,
      [code, ...modifiers.toReversed()].map((released) => ({ code: released, isDown: false })),
    );
    hold([...latest.current].filter((other) => other !== code && !isModifier(other)));
  };
  const tap = (code: string): void => {
    down(code);
    up(code);
  };
  return { held, down, up, tap };
}

/** A key's width; smaller where the window is too narrow for the whole keyboard (18 keys and the gaps between them). */
const KEY = 'min(2.125rem, (100cqw - 6rem) / 18)';
const unit = (width: number): string => `calc(${KEY} * ${width} + ${(0.1875 * (width - 1)).toFixed(4)}rem)`;

interface KeyProps {
  place: KeyPlace;
  caps: { main: string; upper?: string; altGr?: string };
  isHeld: boolean;
  isLit: boolean;
  onDown(): void;
  onUp(): void;
  onTap(): void;
}

function Key({ place, caps, isHeld, isLit, onDown, onUp, onTap }: KeyProps): ReactElement {
  const isModifierKey = isModifier(place.code);
  return (
    <ButtonBase
      aria-label={place.name ?? caps.main}
      aria-pressed={isModifierKey ? isHeld : undefined}
      data-code={place.code}
      tabIndex={-1}
      onPointerDown={(event: PointerEvent) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        onDown();
      }}
      onPointerUp={onUp}
      onPointerCancel={onUp}
      onClick={(event) => {
        // Without a pointer: a screen reader.
        if (event.detail === 0) onTap();
      }}
      sx={{
        position: 'relative',
        width: unit(place.width ?? 1),
        height: `calc(${KEY} * 0.94)`,
        borderRadius: 0.75,
        border: 1,
        borderColor: isHeld || isLit ? 'primary.main' : 'divider',
        bgcolor: isHeld ? 'primary.main' : 'background.default',
        color: isHeld ? 'primary.contrastText' : 'text.primary',
        fontSize: `min(${place.label ? 0.6875 : 0.875}rem, ${KEY} * ${place.label ? 0.33 : 0.42})`,
        touchAction: 'none',
        '&:hover': { borderColor: 'primary.main' },
      }}
    >
      {caps.main}
      {caps.upper && <Corner place={{ top: '0.0625rem', left: '0.1875rem' }}>{caps.upper}</Corner>}
      {caps.altGr && <Corner place={{ bottom: '0.0625rem', right: '0.1875rem' }}>{caps.altGr}</Corner>}
    </ButtonBase>
  );
}

function Corner({ place, children }: { place: object; children: string }): ReactElement {
  return (
    <Box
      component="span"
      aria-hidden
      sx={{ position: 'absolute', fontSize: `min(0.625rem, ${KEY} * 0.27)`, lineHeight: 1.1, opacity: 0.75, ...place }}
    >
      {children}
    </Box>
  );
}

function capsOf(key: KeyPlace, layout: LayoutId, isShifted: boolean, isAltGr: boolean, hasCapsLock: boolean) {
  const caps = layouts[layout][key.code];
  if (key.label !== undefined || !caps) return { main: key.label ?? '' };
  const [plain, shift, altGr, shiftAltGr] = caps;
  if (isAltGr) return { main: (isShifted ? shiftAltGr : altGr) ?? '' };
  const isLetter = plain.toUpperCase() === shift;
  if (isLetter) {
    const main = isShifted !== hasCapsLock ? shift : plain;
    return { main, ...(altGr === undefined ? {} : { altGr }) };
  }
  return isShifted ? { main: shift } : { main: plain, upper: shift, ...(altGr === undefined ? {} : { altGr }) };
}
