// What is known of a controller or an attachment, and what can be done with its medium.
import FolderOpenIcon from '@mui/icons-material/FolderOpenOutlined';
import Button from '@mui/material/Button';
import Divider from '@mui/material/Divider';
import ListSubheader from '@mui/material/ListSubheader';
import Menu from '@mui/material/Menu';
import MenuItem from '@mui/material/MenuItem';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import { type ReactElement, useState } from 'react';
import type { Attachment } from '../../../src-main/contract/machine.ts';
import { presetFor } from '../../../src-main/contract/os-presets.ts';
import { useHost } from '../../client/store.ts';
import { Properties } from '../../components/properties.tsx';
import { ChoiceControl, SwitchControl, TextControl } from '../../forms/controls.tsx';
import { Block, Field } from '../../forms/field.tsx';
import { formatSize } from '../../forms/size.ts';
import { type FileChoice, mediumExtensions } from '../../forms/use-file-choice.tsx';
import { useText } from '../../i18n/text.ts';
import { CreateMediumDialog } from './create-medium-dialog.tsx';
import { useSettingsForm } from './settings-form.ts';
import { type Controller, freePath, hasRoom, seatedOn } from './storage-plan.ts';
import { useMediumInfo } from './use-medium-info.ts';

export function ControllerAttributes({ bus }: { bus: Controller }): ReactElement {
  const { settings: text } = useText();
  const { isShown } = useSettingsForm();
  return (
    <Block title={text.blocks.attributes}>
      <Properties
        rows={[
          [text.fields.name.label, text.buses[bus]],
          [text.storage.kind, text.controllerTypes[bus]],
        ]}
      />
      {isShown('hostCache') && (
        <Field {...text.fields.hostCache} help={text.switches.hostCacheReason}>
          {(ids) => (
            <SwitchControl
              ids={ids}
              title={text.switches.hostCache}
              isOn
              reason={text.switches.hostCacheReason}
              onChange={() => {}}
            />
          )}
        </Field>
      )}
    </Block>
  );
}

interface MediumAttributesProps {
  index: number;
  attachment: Attachment;
  /** The machine's folder, for new media. */
  folder: string;
  ask(choice: FileChoice): void;
}

export function MediumAttributes({ index, attachment, folder, ask }: MediumAttributesProps): ReactElement {
  const { settings: text } = useText();
  const { draft, setSettings, problem, isShown, isLocked } = useSettingsForm();
  const { storage } = draft.settings;
  const { type, bus, path } = attachment;
  const change = (to: Partial<Attachment>): void =>
    setSettings({ storage: storage.with(index, { ...attachment, ...to }) });
  const place = seatedOn(bus, storage).find((seat) => seat.index === index)?.place ?? 0;
  return (
    <>
      <Block title={text.blocks.attributes}>
        <Field label={text.drives[type]} error={problem('medium', index)}>
          {(ids) => (
            <Stack spacing={0.75} sx={{ alignItems: 'flex-start' }}>
              <TextControl
                ids={ids}
                value={path ?? ''}
                placeholder={text.storage.empty}
                isDisabled={type === 'disk' && isLocked()}
                isInvalid={problem('medium', index) !== ''}
                onChange={(typed) => change({ path: typed === '' && type !== 'disk' ? null : typed })}
              />
              <MediumMenu
                attachment={attachment}
                folder={folder}
                ask={ask}
                onChange={(chosen) => change({ path: chosen })}
              />
            </Stack>
          )}
        </Field>
        <Field {...text.fields.bus}>
          {(ids) => (
            <ChoiceControl<Attachment['bus']>
              ids={ids}
              value={bus}
              isDisabled={isLocked() || type !== 'disk'}
              choices={(type === 'disk' ? (['ide', 'virtio'] as const) : [bus]).map((value) => ({
                value,
                title:
                  value === bus
                    ? text.storage.slot(
                        text.buses[value],
                        value === 'ide' ? text.storage.ideChannel(place >> 1, place & 1) : text.storage.device(place),
                      )
                    : text.buses[value],
                ...(value === bus || value === 'floppy' || hasRoom(value as Controller, storage)
                  ? {}
                  : { reason: text.storage.full }),
              }))}
              onChange={(chosen) => change({ bus: chosen })}
            />
          )}
        </Field>
        {type !== 'cdrom' && (
          <Field {...text.fields.readOnly}>
            {(ids) => (
              <SwitchControl
                ids={ids}
                title={text.switches.readOnly}
                isOn={attachment.readOnly}
                isDisabled={isLocked()}
                onChange={(readOnly) => change({ readOnly })}
              />
            )}
          </Field>
        )}
        {type === 'disk' && isShown('discard', attachment.discard) && (
          <Field {...text.fields.discard}>
            {(ids) => (
              <SwitchControl
                ids={ids}
                title={text.switches.discard}
                isOn={attachment.discard}
                isDisabled={isLocked()}
                onChange={(discard) => change({ discard })}
              />
            )}
          </Field>
        )}
      </Block>
      {path !== null && path !== '' && <MediumInformation path={path} />}
    </>
  );
}

function MediumMenu(props: {
  attachment: Attachment;
  folder: string;
  ask(choice: FileChoice): void;
  onChange(path: string | null): void;
}): ReactElement {
  const { attachment, folder, ask, onChange } = props;
  const { type, path } = attachment;
  const { settings: text } = useText();
  const { draft, isLocked } = useSettingsForm();
  const recent = useHost((host) => host.preferences?.recentMedia) ?? [];
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const [isCreating, setIsCreating] = useState(false);
  const close = (): void => setAnchor(null);
  const choose = (chosen: string | null): void => {
    close();
    onChange(chosen);
  };
  const fitting = recent.filter((one) => mediumExtensions[type].some((ending) => one.toLowerCase().endsWith(ending)));
  return (
    <>
      <Button
        size="small"
        variant="outlined"
        startIcon={<FolderOpenIcon />}
        aria-haspopup="menu"
        disabled={type === 'disk' && isLocked()}
        onClick={(event) => setAnchor(event.currentTarget)}
      >
        {text.choose}
      </Button>
      <Menu anchorEl={anchor} open={anchor !== null} onClose={close} slotProps={{ list: { dense: true } }}>
        <MenuItem
          onClick={() => {
            close();
            ask({ title: text.drives[type], extensions: [...mediumExtensions[type]], onChoose: onChange });
          }}
        >
          {text.storage.chooseFile}
        </MenuItem>
        {type !== 'cdrom' && (
          <MenuItem
            onClick={() => {
              close();
              setIsCreating(true);
            }}
          >
            {type === 'disk' ? text.storage.createDisk : text.storage.createFloppy}
          </MenuItem>
        )}
        {type !== 'disk' && (
          <MenuItem disabled={path === null} onClick={() => choose(null)}>
            {text.storage.eject}
          </MenuItem>
        )}
        {fitting.length > 0 && <Divider />}
        {fitting.length > 0 && <ListSubheader sx={{ lineHeight: 2 }}>{text.storage.recent}</ListSubheader>}
        {fitting.map((one) => (
          <MenuItem key={one} title={one} onClick={() => choose(one)}>
            {one.split(/[/\\]/).at(-1)}
          </MenuItem>
        ))}
      </Menu>
      {isCreating && type !== 'cdrom' && (
        <CreateMediumDialog
          kind={type}
          suggestedPath={freePath(folder, draft.name, draft.settings.storage)}
          onClose={() => setIsCreating(false)}
          onCreated={(created) => {
            setIsCreating(false);
            onChange(created);
          }}
        />
      )}
    </>
  );
}

function MediumInformation({ path }: { path: string }): ReactElement {
  const { settings: text, common } = useText();
  const { identity, summary, problem, isPending } = useMediumInfo(path);
  return (
    <Block title={text.blocks.information}>
      {isPending ? (
        <Typography variant="body2" color="text.secondary">
          {text.storage.examining}
        </Typography>
      ) : problem !== '' ? (
        <Typography variant="body2" color="error">
          {problem}
        </Typography>
      ) : (
        <Properties
          rows={[
            ...(identity
              ? ([[text.storage.kind, `${text.drives[identity.kind]} (${identity.format})`]] as [string, string][])
              : []),
            ...(identity
              ? ([[text.storage.virtualSize, formatSize(identity.capacityBytes)]] as [string, string][])
              : []),
            ...(summary ? ([[text.storage.actualSize, formatSize(summary.allocatedBytes)]] as [string, string][]) : []),
            ...(identity?.label ? ([[text.storage.label, identity.label]] as [string, string][]) : []),
            ...(identity?.os
              ? ([[text.storage.system, text.osTitle(identity.os, presetFor(identity.os).title)]] as [string, string][])
              : []),
            [text.storage.location, path],
            [
              text.storage.usedBy,
              summary && summary.usedBy.length > 0 ? summary.usedBy.map(({ name }) => name).join(', ') : common.none,
            ],
          ]}
        />
      )}
    </Block>
  );
}
