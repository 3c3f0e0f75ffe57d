// The toolbar above a machine: New, Add, Settings, Discard, and Start with its choices, which becomes Show.
import DropIcon from '@mui/icons-material/ArrowDropDown';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import ButtonGroup from '@mui/material/ButtonGroup';
import Tooltip from '@mui/material/Tooltip';
import { type ReactElement, useRef, useState } from 'react';
import { MenuPanel } from '../../components/menu-panel.tsx';
import { useText } from '../../i18n/text.ts';
import type { Verb, VerbName, Verbs } from './verbs.tsx';

interface ToolbarProps {
  verbs: Verbs;
  keysOf(name: VerbName): string | null;
}

const starts = ['machine.startNormal', 'machine.startHeadless', 'machine.startDisposable'] as const;

export function Toolbar({ verbs, keysOf }: ToolbarProps): ReactElement {
  const { manager: text } = useText();
  const button = (name: VerbName): ReactElement => <VerbButton verb={verbs[name]} keys={keysOf(name)} />;
  return (
    <Box
      role="toolbar"
      aria-label={text.menus.machine}
      sx={{
        display: 'flex',
        flexWrap: 'wrap',
        gap: 0.5,
        px: 1.5,
        py: 0.75,
        borderBottom: 1,
        borderColor: 'divider',
        bgcolor: 'background.paper',
      }}
    >
      {button('machine.new')}
      {button('machine.add')}
      {button('machine.settings')}
      <VerbButton verb={verbs['machine.discard']} keys={null} title={text.toolbar.discard} />
      <StartButton verbs={verbs} keys={keysOf('machine.start')} />
    </Box>
  );
}

function StartButton({ verbs, keys }: { verbs: Verbs; keys: string | null }): ReactElement {
  const { manager: text } = useText();
  const [isOpen, setIsOpen] = useState(false);
  const group = useRef<HTMLDivElement>(null);
  const start = verbs['machine.start'];
  const isShow = start.reason === '' && verbs['machine.startNormal'].reason !== '';
  return (
    <>
      <ButtonGroup ref={group} variant="contained" size="small" disableElevation disabled={start.reason !== ''}>
        <Tooltip title={start.reason || keys || ''}>
          <span>
            <Button
              startIcon={start.icon}
              disabled={start.reason !== ''}
              onClick={start.run}
              sx={{ height: '100%', ...(isShow ? {} : { borderTopRightRadius: 0, borderBottomRightRadius: 0 }) }}
            >
              {start.title}
            </Button>
          </span>
        </Tooltip>
        {!isShow && (
          <Button
            aria-label={text.startChoices}
            aria-haspopup="menu"
            aria-expanded={isOpen}
            onClick={() => setIsOpen(!isOpen)}
            sx={{ px: 0.25, minWidth: '0 !important' }}
          >
            <DropIcon fontSize="small" />
          </Button>
        )}
      </ButtonGroup>
      {isOpen && group.current && (
        <MenuPanel
          label={text.startChoices}
          anchor={group.current}
          items={starts.map((name) => ({ ...verbs[name], isDisabled: verbs[name].reason !== '' }))}
          onClose={() => {
            setIsOpen(false);
            group.current?.querySelector<HTMLElement>('[aria-haspopup]')?.focus();
          }}
        />
      )}
    </>
  );
}

interface VerbButtonProps {
  verb: Verb;
  keys: string | null;
  /** Where the menu's title is too long. */
  title?: string;
}

function VerbButton({ verb, keys, title }: VerbButtonProps): ReactElement {
  return (
    <Tooltip title={verb.reason || keys || ''}>
      <span>
        <Button
          color="inherit"
          size="small"
          startIcon={verb.icon}
          disabled={verb.reason !== ''}
          onClick={verb.run}
          sx={{ px: 1.25 }}
        >
          {title ?? verb.title.replace(/…$/, '')}
        </Button>
      </span>
    </Tooltip>
  );
}
