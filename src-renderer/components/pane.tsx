// A pane: its toolbar, the keys of its buttons, which work only while the focus is inside, and its menu in the window's bar.
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Divider from '@mui/material/Divider';
import Tooltip from '@mui/material/Tooltip';
import { type KeyboardEvent, type ReactElement, type ReactNode, useMemo, useRef } from 'react';
import { chordOf } from '../shortcuts/chord.ts';
import type { Items } from './menu.tsx';
import { usePaneMenu } from './pane-menu.ts';

export interface PaneAction {
  title: string;
  icon: ReactElement;
  /** Chords that do the same; the first is shown. */
  keys?: string[];
  /** Why it cannot be done now, which also disables it. */
  refusal?: string | undefined;
  /** For a button that switches something: whether it is on. */
  isPressed?: boolean;
  /** `button` is missing when it was done by key. */
  run(button?: HTMLElement): void;
}

interface PaneProps {
  label: string;
  /** Title of its menu. */
  menu: string;
  /** What its menu has besides the actions. Give a new list only when something in it changed. */
  menuItems?: Items;
  /** Null is a separating line. */
  actions: (PaneAction | null)[];
  /** Shown at the right end of the toolbar. */
  end?: ReactNode;
  children: ReactNode;
}

export function Pane({ label, menu, menuItems, actions, end, children }: PaneProps): ReactElement {
  useActionsMenu(menu, actions, menuItems);
  return (
    <Box
      role="region"
      aria-label={label}
      tabIndex={-1}
      onKeyDown={(event) => runByKey(event, actions)}
      sx={{ display: 'flex', flexDirection: 'column', height: '100%', minHeight: 0, outline: 'none' }}
    >
      <Box
        role="toolbar"
        aria-label={label}
        sx={{
          display: 'flex',
          flexWrap: 'wrap',
          alignItems: 'center',
          gap: 0.25,
          px: 1,
          py: 0.5,
          minHeight: 44,
          flexShrink: 0,
          borderBottom: 1,
          borderColor: 'divider',
          bgcolor: 'background.paper',
        }}
      >
        {actions.map((action, index) =>
          action ? (
            <PaneButton key={action.title} {...action} />
          ) : (
            // biome-ignore lint/suspicious/noArrayIndexKey: separators never move
            <Divider key={`separator-${index}`} orientation="vertical" flexItem sx={{ mx: 0.75, my: 0.75 }} />
          ),
        )}
        {end && <Box sx={{ ml: 'auto', display: 'flex', alignItems: 'center', gap: 1, minWidth: 0 }}>{end}</Box>}
      </Box>
      {children}
    </Box>
  );
}

/** A button that stays reachable by keyboard while it is refused, so that its reason can be read. */
function PaneButton({ title, icon, keys, refusal, isPressed, run }: PaneAction): ReactElement {
  const isRefused = refusal !== undefined;
  const hint = [refusal, keys?.join(', ')].filter((part) => part !== undefined && part !== '').join(' · ');
  return (
    <Tooltip title={hint} describeChild>
      <Button
        color={isPressed ? 'primary' : 'inherit'}
        size="small"
        startIcon={icon}
        aria-disabled={isRefused}
        {...(isPressed === undefined ? {} : { 'aria-pressed': isPressed })}
        {...(keys ? { 'aria-keyshortcuts': keys.map(spokenChord).join(' ') } : {})}
        onClick={(event) => {
          if (!isRefused) run(event.currentTarget);
        }}
        sx={{
          px: 1,
          minWidth: 0,
          whiteSpace: 'nowrap',
          ...(isRefused ? { opacity: 0.45, cursor: 'default', '&:hover': { bgcolor: 'transparent' } } : {}),
          ...(isPressed ? { bgcolor: 'action.selected' } : {}),
        }}
      >
        {title}
      </Button>
    </Tooltip>
  );
}

function spokenChord(chord: string): string {
  return chord.replace('Ctrl', 'Control');
}

function runByKey(event: KeyboardEvent<HTMLElement>, actions: (PaneAction | null)[]): void {
  // Keys typed in a dialog that the pane opened come up here too, through React's tree.
  if (event.defaultPrevented || !event.currentTarget.contains(event.target as Node)) return;
  const chord = chordOf(event.nativeEvent);
  const action = actions.find((candidate) => candidate?.keys?.includes(chord));
  if (!action) return;
  event.preventDefault();
  event.stopPropagation();
  if (action.refusal === undefined) action.run();
}

/** Panes make their actions anew each time they are drawn; the menu becomes another one only when it looks different. */
function useActionsMenu(title: string, actions: (PaneAction | null)[], more: Items | undefined): void {
  const latest = useRef(actions);
  latest.current = actions;
  const look = JSON.stringify(
    actions.map((action) => action && [action.title, action.keys, action.refusal, action.isPressed]),
  );
  const menu = useMemo(() => {
    const shown = JSON.parse(look) as (Parameters<typeof menuItem>[0] | null)[];
    const own: Items = shown.map(
      (part, index) => part && { ...menuItem(part), run: () => latest.current[index]?.run() },
    );
    return { title, items: more ? [...own, null, ...more] : own };
  }, [title, look, more]);
  usePaneMenu(menu);
}

function menuItem([title, keys, refusal, isPressed]: [string, string[] | null, string | null, boolean | null]) {
  return {
    title,
    ...(keys?.[0] ? { keys: keys[0] } : {}),
    ...(refusal === null ? {} : { isDisabled: true, reason: refusal }),
    ...(isPressed === null ? {} : { isChecked: isPressed }),
  };
}
