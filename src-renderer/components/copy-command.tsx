// "Copy as command": what to type in a terminal to do what the dialog is about to do. One click copies it and shows it.
import TerminalIcon from '@mui/icons-material/TerminalOutlined';
import Button from '@mui/material/Button';
import Popover from '@mui/material/Popover';
import Tooltip from '@mui/material/Tooltip';
import Typography from '@mui/material/Typography';
import { type ReactElement, useState } from 'react';
import { commandLine } from '../../src-main/contract/command-line.ts';
import type { MethodInput, MethodName } from '../../src-main/contract/methods.ts';
import { copyText } from '../app/clipboard.ts';
import { attempt, useHost } from '../client/store.ts';
import { useText } from '../i18n/text.ts';

interface CopyCommandProps<Name extends MethodName> {
  method: Name;
  /** What the method would be called with: several for one call after the other, null while the dialog is not filled in. */
  input: MethodInput<Name> | MethodInput<Name>[] | null;
}

export function CopyCommand<Name extends MethodName>({ method, input }: CopyCommandProps<Name>): ReactElement {
  const { common: text } = useText();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const inputs = input === null ? [] : Array.isArray(input) ? input : [input];
  const lines = inputs.map((one) => commandLine(method, one, nameOf));
  const command = lines.length > 0 && lines.every((line) => line !== null) ? lines.join('\n') : null;
  const copy = async (button: HTMLElement): Promise<void> => {
    if (command !== null && (await attempt(() => copyText(command)))) setAnchor(button);
  };
  return (
    <>
      <Tooltip title={command ?? (input === null ? text.commandIncomplete : text.commandMissing)}>
        <span>
          <Button
            size="small"
            color="inherit"
            startIcon={<TerminalIcon />}
            disabled={command === null}
            onClick={(event) => void copy(event.currentTarget)}
          >
            {text.copyAsCommand}
          </Button>
        </span>
      </Tooltip>
      <Popover
        open={anchor !== null && command !== null}
        anchorEl={anchor}
        onClose={() => setAnchor(null)}
        anchorOrigin={{ vertical: 'top', horizontal: 'left' }}
        transformOrigin={{ vertical: 'bottom', horizontal: 'left' }}
        slotProps={{ paper: { sx: { p: 1.5, maxWidth: 560 } } }}
      >
        <Typography variant="caption" color="text.secondary" role="status" component="p">
          {text.copied}
        </Typography>
        <Typography
          component="pre"
          variant="body2"
          tabIndex={0}
          sx={{ m: 0, fontFamily: 'monospace', whiteSpace: 'pre-wrap', overflowWrap: 'anywhere', userSelect: 'text' }}
        >
          {command}
        </Typography>
      </Popover>
    </>
  );
}

function nameOf(id: string): string {
  return useHost.getState().machines.find((machine) => machine.id === id)?.name ?? id;
}
