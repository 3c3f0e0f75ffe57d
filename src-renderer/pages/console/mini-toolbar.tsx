// The small bar of full-screen and scaled mode: comes when the pointer is at the upper edge, goes again unless it is pinned.
import CloseIcon from '@mui/icons-material/Close';
import ExitIcon from '@mui/icons-material/FullscreenExit';
import MenuIcon from '@mui/icons-material/Menu';
import PinIcon from '@mui/icons-material/PushPin';
import UnpinnedIcon from '@mui/icons-material/PushPinOutlined';
import Box from '@mui/material/Box';
import IconButton from '@mui/material/IconButton';
import Paper from '@mui/material/Paper';
import Tooltip from '@mui/material/Tooltip';
import Typography from '@mui/material/Typography';
import { type ReactElement, type ReactNode, useEffect, useState } from 'react';
import { useText } from '../../i18n/text.ts';
import type { Actions } from './actions.ts';
import { useConsole } from './console-store.ts';

/** Shown for a moment at first, so that it is known to be there. */
const FIRST_MS = 3000;
const LEAVE_MS = 800;

interface MiniToolbarProps {
  name: string;
  mode: 'fullscreen' | 'scaled';
  actions: Actions;
}

export function MiniToolbar({ name, mode, actions }: MiniToolbarProps): ReactElement {
  const { console: text } = useText();
  const [isPinned, setIsPinned] = useState(false);
  const [isNear, setIsNear] = useState(true);
  const [isLeaving, setIsLeaving] = useState(true);
  const hasPopup = useConsole((state) => state.popup !== null);
  useEffect(() => {
    if (!isLeaving) return;
    const timer = setTimeout(() => setIsNear(false), isNear ? FIRST_MS : LEAVE_MS);
    return () => clearTimeout(timer);
  }, [isLeaving, isNear]);
  const isShown = isPinned || isNear || hasPopup;
  const enter = (): void => {
    setIsNear(true);
    setIsLeaving(false);
  };
  return (
    <Box
      onMouseEnter={enter}
      onMouseLeave={() => setIsLeaving(true)}
      onFocus={enter}
      onBlur={() => setIsLeaving(true)}
      onTouchStart={enter}
      sx={{
        position: 'absolute',
        top: 0,
        left: '50%',
        transform: 'translateX(-50%)',
        zIndex: 3,
        minWidth: 240,
        maxWidth: '90%',
        minHeight: 6,
        display: 'flex',
        justifyContent: 'center',
      }}
    >
      <Paper
        elevation={8}
        role="toolbar"
        aria-label={text.toolbar.label}
        sx={{
          display: 'flex',
          alignItems: 'center',
          gap: 0.25,
          px: 1,
          py: 0.25,
          borderTopLeftRadius: 0,
          borderTopRightRadius: 0,
          minWidth: 0,
          transform: isShown ? 'none' : 'translateY(calc(-100% + 0.1875rem))',
          opacity: isShown ? 1 : 0.4,
          transition: 'transform 150ms, opacity 150ms',
          '@media (prefers-reduced-motion: reduce)': { transition: 'none' },
        }}
      >
        <Tool
          title={isPinned ? text.toolbar.unpin : text.toolbar.pin}
          isPressed={isPinned}
          onClick={() => setIsPinned(!isPinned)}
        >
          {isPinned ? <PinIcon fontSize="small" /> : <UnpinnedIcon fontSize="small" />}
        </Tool>
        <Typography variant="body2" noWrap sx={{ px: 1.5, fontWeight: 500 }}>
          {name}
        </Typography>
        <Tool
          title={text.toolbar.menu}
          onClick={(element) => {
            const box = element.getBoundingClientRect();
            useConsole.setState({ popup: { left: box.left, top: box.bottom } });
          }}
        >
          <MenuIcon fontSize="small" />
        </Tool>
        <Tool
          title={mode === 'fullscreen' ? text.toolbar.exitFullscreen : text.toolbar.exitScaled}
          onClick={actions[`view.${mode}`].run}
        >
          <ExitIcon fontSize="small" />
        </Tool>
        <Tool title={text.toolbar.close} onClick={actions['machine.close'].run}>
          <CloseIcon fontSize="small" />
        </Tool>
      </Paper>
    </Box>
  );
}

interface ToolProps {
  title: string;
  isPressed?: boolean;
  onClick(element: HTMLElement): void;
  children: ReactNode;
}

function Tool({ title, isPressed, onClick, children }: ToolProps): ReactElement {
  return (
    <Tooltip title={title}>
      <IconButton
        size="small"
        aria-label={title}
        aria-pressed={isPressed}
        onMouseDown={(event) => event.preventDefault()}
        onClick={(event) => onClick(event.currentTarget)}
      >
        {children}
      </IconButton>
    </Tooltip>
  );
}
