// One light of the status bar: lights up, tells what it stands for, opens its menu on a click and its settings on two.
import Box from '@mui/material/Box';
import ButtonBase from '@mui/material/ButtonBase';
import Tooltip from '@mui/material/Tooltip';
import Typography from '@mui/material/Typography';
import { type ReactElement, type ReactNode, useState } from 'react';
import { ContextMenu, type Items, type MenuPlace } from '../../components/menu.tsx';
import { useText } from '../../i18n/text.ts';
import type { Light } from './use-lights.ts';

export interface IndicatorProps {
  /** What it stands for, such as "Hard disks". */
  title: string;
  icon: ReactNode;
  /** One line for each device or setting. */
  details: string[];
  /** Why there is nothing to light up; null when there is. */
  reason?: string | null;
  light?: Light | 'on' | 'alert';
  menu?: Items | null;
  onSettings?(): void;
  /** A click does this instead of opening a menu. */
  onClick?(): void;
  children?: ReactNode;
}

const colours = {
  read: 'success.main',
  write: 'warning.main',
  on: 'primary.main',
  alert: 'error.main',
};

export function Indicator(props: IndicatorProps): ReactElement {
  const { title, icon, details, reason = null, light, menu = null, onSettings, onClick, children } = props;
  const { console: text } = useText();
  const [place, setPlace] = useState<MenuPlace | null>(null);
  const colour = reason !== null ? 'text.disabled' : light ? colours[light] : 'text.secondary';
  const isLit = light === 'read' || light === 'write';
  const open = (element: HTMLElement): void => {
    const box = element.getBoundingClientRect();
    setPlace({ left: box.left, top: box.top });
  };
  return (
    <>
      <Tooltip
        title={
          place ? '' : <Details title={title} lines={reason === null ? details : [reason]} hasMenu={menu !== null} />
        }
        placement="top"
        describeChild
      >
        <ButtonBase
          aria-label={isLit ? `${title}: ${text.status.active}` : title}
          aria-disabled={reason !== null}
          aria-haspopup={menu ? 'menu' : undefined}
          onMouseDown={(event) => event.preventDefault()}
          onClick={(event) => {
            if (onClick) onClick();
            else if (menu) open(event.currentTarget);
          }}
          onContextMenu={(event) => {
            event.preventDefault();
            if (menu) open(event.currentTarget);
          }}
          onDoubleClick={() => {
            setPlace(null);
            onSettings?.();
          }}
          sx={{
            gap: 0.5,
            px: 0.5,
            height: 24,
            borderRadius: 1,
            color: colour,
            opacity: reason === null ? 1 : 0.55,
            '&:hover': { bgcolor: 'action.hover' },
            '&.Mui-focusVisible': { outline: 2, outlineColor: 'primary.main', outlineStyle: 'solid' },
            '& svg': { fontSize: '1.125rem' },
          }}
        >
          {icon}
          {children}
        </ButtonBase>
      </Tooltip>
      {menu && <ContextMenu place={place} label={title} items={menu} onClose={() => setPlace(null)} />}
    </>
  );
}

function Details({ title, lines, hasMenu }: { title: string; lines: string[]; hasMenu: boolean }): ReactElement {
  const { console: text } = useText();
  return (
    <Box sx={{ py: 0.25 }}>
      <Typography variant="caption" component="div" sx={{ fontWeight: 700 }}>
        {title}
      </Typography>
      {lines.map((line) => (
        <Typography key={line} variant="caption" component="div" sx={{ overflowWrap: 'anywhere' }}>
          {line}
        </Typography>
      ))}
      {hasMenu && (
        <Typography variant="caption" component="div" sx={{ mt: 0.5, opacity: 0.75 }}>
          {text.status.openMenu}
        </Typography>
      )}
    </Box>
  );
}
