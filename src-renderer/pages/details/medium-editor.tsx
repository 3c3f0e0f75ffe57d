// The medium of an optical or floppy drive: a menu to choose another one, also while the machine runs.
import Divider from '@mui/material/Divider';
import Link from '@mui/material/Link';
import ListSubheader from '@mui/material/ListSubheader';
import Menu from '@mui/material/Menu';
import MenuItem from '@mui/material/MenuItem';
import { type ReactElement, useState } from 'react';
import type { Attachment } from '../../../src-main/contract/machine.ts';
import { client } from '../../client/client.ts';
import { attempt, useHost } from '../../client/store.ts';
import { mediumExtensions, useFileChoice } from '../../forms/use-file-choice.tsx';
import { useText } from '../../i18n/text.ts';

interface MediumEditorProps {
  machineId: string;
  index: number;
  attachment: Attachment;
}

export function MediumEditor({ machineId, index, attachment }: MediumEditorProps): ReactElement {
  const { details: text, settings, common } = useText();
  const recent = useHost((host) => host.preferences?.recentMedia) ?? [];
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const [ask, dialog] = useFileChoice();
  const { type, path } = attachment;
  const extensions = mediumExtensions[type];
  const change = (chosen: string | null): void => {
    setAnchor(null);
    void attempt(() => client.call('machine.changeMedium', { id: machineId, attachment: index, path: chosen }));
  };
  const shown = path === null ? common.empty : (path.split(/[/\\]/).at(-1) ?? path);
  const fitting = recent.filter((one) => extensions.some((ending) => one.toLowerCase().endsWith(ending)));
  return (
    <>
      <Link
        component="button"
        type="button"
        variant="body2"
        underline="hover"
        aria-haspopup="menu"
        aria-label={text.change(settings.drives[type], shown)}
        title={path ?? ''}
        onClick={(event) => setAnchor(event.currentTarget)}
        sx={{ textAlign: 'start', overflowWrap: 'anywhere', verticalAlign: 'baseline' }}
      >
        {shown}
      </Link>
      <Menu
        anchorEl={anchor}
        open={anchor !== null}
        onClose={() => setAnchor(null)}
        slotProps={{ list: { dense: true } }}
      >
        <MenuItem
          onClick={() => {
            setAnchor(null);
            ask({ title: settings.drives[type], extensions: [...extensions], onChoose: change });
          }}
        >
          {text.chooseFile}
        </MenuItem>
        <MenuItem disabled={path === null} onClick={() => change(null)}>
          {text.eject}
        </MenuItem>
        {fitting.length > 0 && <Divider />}
        {fitting.length > 0 && <ListSubheader sx={{ lineHeight: 2 }}>{text.recent}</ListSubheader>}
        {fitting.map((one) => (
          <MenuItem key={one} title={one} onClick={() => change(one)}>
            {one.split(/[/\\]/).at(-1)}
          </MenuItem>
        ))}
      </Menu>
      {dialog}
    </>
  );
}
