// Storage: the tree of controllers and media at the left, what is known of the chosen one at the right.
import AddIcon from '@mui/icons-material/Add';
import AlbumIcon from '@mui/icons-material/Album';
import RemoveIcon from '@mui/icons-material/DeleteOutlined';
import DeveloperBoardIcon from '@mui/icons-material/DeveloperBoard';
import SaveIcon from '@mui/icons-material/SaveOutlined';
import StorageIcon from '@mui/icons-material/Storage';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import IconButton from '@mui/material/IconButton';
import List from '@mui/material/List';
import ListItem from '@mui/material/ListItem';
import ListItemButton from '@mui/material/ListItemButton';
import ListItemIcon from '@mui/material/ListItemIcon';
import ListItemText from '@mui/material/ListItemText';
import Menu from '@mui/material/Menu';
import MenuItem from '@mui/material/MenuItem';
import Tooltip from '@mui/material/Tooltip';
import { type ReactElement, useState } from 'react';
import { Block } from '../../forms/field.tsx';
import { mediumExtensions, useFileChoice } from '../../forms/use-file-choice.tsx';
import { useText } from '../../i18n/text.ts';
import { CreateMediumDialog } from './create-medium-dialog.tsx';
import { useSettingsForm } from './settings-form.ts';
import { ControllerAttributes, MediumAttributes } from './storage-attributes.tsx';
import {
  type Controller,
  controllers,
  type DriveKind,
  freePath,
  hasRoom,
  kindsOf,
  newAttachment,
  seatedOn,
} from './storage-plan.ts';

type Selection = { controller: Controller } | { attachment: number } | null;

const driveIcons = {
  disk: <StorageIcon fontSize="small" />,
  cdrom: <AlbumIcon fontSize="small" />,
  floppy: <SaveIcon fontSize="small" />,
};

export function StoragePage({ folder }: { folder: string }): ReactElement {
  const { settings: text } = useText();
  const { draft, setSettings, isLocked } = useSettingsForm();
  const { storage } = draft.settings;
  const [selection, setSelection] = useState<Selection>(() => (storage.length > 0 ? { attachment: 0 } : null));
  const [ask, dialog] = useFileChoice();
  const selected = selection && 'attachment' in selection ? storage[selection.attachment] : undefined;

  const put = (bus: Controller, kind: DriveKind, path: string | null): void => {
    setSettings({ storage: [...storage, newAttachment(bus, kind, path)] });
    setSelection({ attachment: storage.length });
  };
  const [diskMenu, setDiskMenu] = useState<{ bus: Controller; anchor: HTMLElement } | null>(null);
  const [newDiskBus, setNewDiskBus] = useState<Controller | null>(null);
  const add = (bus: Controller, kind: DriveKind, anchor: HTMLElement): void => {
    if (kind === 'disk') setDiskMenu({ bus, anchor });
    else put(bus, kind, null);
  };
  const addDiskFile = ({ bus }: { bus: Controller }): void => {
    setDiskMenu(null);
    ask({
      title: text.drives.disk,
      extensions: [...mediumExtensions.disk],
      onChoose: (path) => put(bus, 'disk', path),
    });
  };
  const remove = (index: number): void => {
    setSettings({ storage: storage.toSpliced(index, 1) });
    setSelection(null);
  };

  return (
    <Box
      sx={{
        '--field-name': '6.5rem',
        display: 'grid',
        gap: 2.5,
        gridTemplateColumns: { xs: '1fr', md: 'minmax(14rem, 1fr) minmax(0, 1.5fr)' },
      }}
    >
      <Block title={text.blocks.devices}>
        <List
          dense
          disablePadding
          aria-label={text.storage.tree}
          sx={{ border: 1, borderColor: 'divider', borderRadius: 1, py: 0.5 }}
        >
          {controllers.map((bus) => (
            <Box component="li" key={bus} sx={{ listStyle: 'none' }}>
              <ControllerRow
                bus={bus}
                isSelected={selection !== null && 'controller' in selection && selection.controller === bus}
                isLocked={isLocked() || !hasRoom(bus, storage)}
                onSelect={() => setSelection({ controller: bus })}
                onAdd={(kind, anchor) => add(bus, kind, anchor)}
              />
              <List dense disablePadding aria-label={text.controllers[bus]}>
                {seatedOn(bus, storage).map(({ attachment, index }) => (
                  <MediumRow
                    key={index}
                    index={index}
                    kind={attachment.type}
                    path={attachment.path}
                    isSelected={selection !== null && 'attachment' in selection && selection.attachment === index}
                    onSelect={() => setSelection({ attachment: index })}
                  />
                ))}
              </List>
            </Box>
          ))}
        </List>
        <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, mt: 1 }}>
          <Button
            size="small"
            startIcon={<RemoveIcon />}
            disabled={!selected || isLocked()}
            onClick={() => selection && 'attachment' in selection && remove(selection.attachment)}
          >
            {text.storage.removeAttachment}
          </Button>
          <Tooltip title={text.storage.addControllerReason} describeChild>
            <span>
              <Button size="small" startIcon={<AddIcon />} disabled>
                {text.storage.addController}
              </Button>
            </span>
          </Tooltip>
        </Box>
      </Block>
      <Box sx={{ minWidth: 0 }}>
        {selection && 'controller' in selection ? (
          <ControllerAttributes bus={selection.controller} />
        ) : selected && selection && 'attachment' in selection ? (
          <MediumAttributes
            key={selection.attachment}
            index={selection.attachment}
            attachment={selected}
            folder={folder}
            ask={ask}
          />
        ) : (
          <Block title={text.blocks.attributes}>
            <Box sx={{ color: 'text.secondary', typography: 'body2' }}>{text.storage.selectSomething}</Box>
          </Block>
        )}
      </Box>
      <Menu
        anchorEl={diskMenu?.anchor}
        open={diskMenu !== null}
        onClose={() => setDiskMenu(null)}
        slotProps={{ list: { dense: true } }}
      >
        <MenuItem onClick={() => diskMenu && addDiskFile(diskMenu)}>{text.storage.chooseFile}</MenuItem>
        <MenuItem
          onClick={() => {
            setNewDiskBus(diskMenu?.bus ?? null);
            setDiskMenu(null);
          }}
        >
          {text.storage.createDisk}
        </MenuItem>
      </Menu>
      {newDiskBus && (
        <CreateMediumDialog
          kind="disk"
          suggestedPath={freePath(folder, draft.name, storage)}
          onClose={() => setNewDiskBus(null)}
          onCreated={(path) => {
            put(newDiskBus, 'disk', path);
            setNewDiskBus(null);
          }}
        />
      )}
      {dialog}
    </Box>
  );
}

function ControllerRow(props: {
  bus: Controller;
  isSelected: boolean;
  isLocked: boolean;
  onSelect(): void;
  onAdd(kind: DriveKind, anchor: HTMLElement): void;
}): ReactElement {
  const { bus, isSelected, isLocked, onSelect, onAdd } = props;
  const { settings: text } = useText();
  const verbs = { disk: text.storage.addDisk, cdrom: text.storage.addOptical, floppy: text.storage.addFloppy };
  return (
    <Box sx={{ display: 'flex', alignItems: 'center', pr: 0.5 }}>
      <ListItemButton selected={isSelected} onClick={onSelect} sx={{ py: 0.5, pl: 1.25, minWidth: 0 }}>
        <ListItemIcon sx={{ minWidth: 30 }}>
          <DeveloperBoardIcon fontSize="small" />
        </ListItemIcon>
        <ListItemText primary={text.controllers[bus]} slotProps={{ primary: { noWrap: true } }} />
      </ListItemButton>
      {kindsOf[bus].map((kind) => (
        <Tooltip key={kind} title={verbs[kind]}>
          <span>
            <IconButton
              size="small"
              aria-label={`${text.controllers[bus]}: ${verbs[kind]}`}
              disabled={isLocked}
              onClick={(event) => onAdd(kind, event.currentTarget)}
            >
              <Box sx={{ position: 'relative', display: 'grid' }}>
                {driveIcons[kind]}
                <AddIcon
                  color={isLocked ? 'disabled' : 'success'}
                  sx={{
                    position: 'absolute',
                    right: -8,
                    bottom: -5,
                    fontSize: 14,
                    stroke: 'currentColor',
                    strokeWidth: 1.5,
                  }}
                />
              </Box>
            </IconButton>
          </span>
        </Tooltip>
      ))}
    </Box>
  );
}

function MediumRow(props: {
  index: number;
  kind: DriveKind;
  path: string | null;
  isSelected: boolean;
  onSelect(): void;
}): ReactElement {
  const { index, kind, path, isSelected, onSelect } = props;
  const { settings: text } = useText();
  const { problem } = useSettingsForm();
  const isWrong = problem('medium', index) !== '';
  return (
    <ListItem disablePadding>
      <ListItemButton selected={isSelected} onClick={onSelect} sx={{ py: 0.25, pl: 4 }}>
        <ListItemIcon sx={{ minWidth: 28, color: isWrong ? 'error.main' : undefined }}>{driveIcons[kind]}</ListItemIcon>
        <ListItemText
          primary={path === null || path === '' ? text.storage.empty : path.split(/[/\\]/).at(-1)}
          slotProps={{
            primary: {
              noWrap: true,
              title: path ?? text.drives[kind],
              sx: isWrong ? { color: 'error.main' } : path === null ? { fontStyle: 'italic' } : {},
            },
          }}
        />
      </ListItemButton>
    </ListItem>
  );
}
