// What the selected machine is made of, with a picture of its screen. Values are links that open small editors, titles open the
// settings.
import ImageIcon from '@mui/icons-material/ImageOutlined';
import NotesIcon from '@mui/icons-material/NotesOutlined';
import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import type { ReactElement, ReactNode } from 'react';
import type { MachineSummary } from '../../../src-main/contract/methods.ts';
import { Properties } from '../../components/properties.tsx';
import { useText } from '../../i18n/text.ts';
import { openDialog } from '../manager/manager-store.ts';
import { pageIcons } from '../settings/page-icons.tsx';
import type { SettingsPage } from '../settings/settings-dialog.tsx';
import { DetailSection } from './detail-section.tsx';
import {
  AcceleratorEditor,
  BootOrderEditor,
  CapEditor,
  DescriptionEditor,
  type EditorProps,
  GroupEditor,
  MemoryEditor,
  NameEditor,
  OsEditor,
  ProcessorsEditor,
  VideoMemoryEditor,
} from './editors.tsx';
import { Preview } from './preview.tsx';
import { StorageRows } from './storage-rows.tsx';
import { useDefinition } from './use-definition.ts';

interface DetailsPaneProps {
  machine: MachineSummary;
}

export function DetailsPane({ machine }: DetailsPaneProps): ReactElement {
  const { details: text } = useText();
  const definition = useDefinition(machine.id);
  return (
    <Box
      sx={{
        display: 'grid',
        gap: 1.5,
        gridTemplateColumns: { xs: 'minmax(0, 1fr)', md: 'minmax(0, 1.35fr) minmax(14rem, 1fr)' },
        maxWidth: '80rem',
        alignItems: 'start',
      }}
    >
      {machine.message !== '' && (
        <Alert severity={machine.state === 'poweredOff' ? 'warning' : 'error'} sx={{ gridColumn: '1 / -1' }}>
          {machine.message}
        </Alert>
      )}
      <Box sx={{ display: 'grid', gap: 1.5, minWidth: 0 }}>
        {definition && <MainSections machine={machine} definition={definition} />}
      </Box>
      <Box sx={{ display: 'grid', gap: 1.5, minWidth: 0 }}>
        <DetailSection name="preview" title={text.preview} icon={<ImageIcon fontSize="small" />}>
          <Preview machine={machine} />
        </DetailSection>
        {definition && <SideSections machine={machine} definition={definition} />}
      </Box>
    </Box>
  );
}

function PageSection(props: { machine: MachineSummary; page: SettingsPage; children: ReactNode }): ReactElement {
  const { machine, page, children } = props;
  const { settings } = useText();
  return (
    <DetailSection
      name={page}
      title={settings.pages[page]}
      icon={pageIcons[page]}
      onOpen={() => openDialog({ kind: 'settings', id: machine.id, page })}
    >
      {children}
    </DetailSection>
  );
}

function MainSections(props: EditorProps): ReactElement {
  const { machine, definition } = props;
  const { details: text, settings: words, common } = useText();
  const { settings } = definition;
  const boot = settings.directBoot;
  return (
    <>
      <PageSection machine={machine} page="general">
        <Properties
          rows={[
            [words.fields.name.label, <NameEditor key="name" {...props} />],
            [words.fields.os.label, <OsEditor key="os" {...props} />],
            [words.fields.group.label, <GroupEditor key="group" {...props} />],
            [text.state, common.states[machine.state]],
            [text.location, machine.folder],
          ]}
        />
      </PageSection>
      <PageSection machine={machine} page="system">
        <Properties
          rows={[
            [words.fields.memoryMib.label, <MemoryEditor key="memory" {...props} />],
            [words.fields.cpus.label, <ProcessorsEditor key="cpus" {...props} />],
            [words.fields.cpuCapPercent.label, <CapEditor key="cap" {...props} />],
            [words.fields.accelerator.label, <AcceleratorEditor key="accelerator" {...props} />],
            [words.fields.bootOrder.label, <BootOrderEditor key="boot" {...props} />],
            [
              words.fields.firmware.label,
              settings.firmware.kind === 'bios' ? words.firmwares.bios : settings.firmware.path,
            ],
            ...(boot ? ([[text.kernel, boot.kernel]] as [string, ReactNode][]) : []),
            ...(boot?.initrd ? ([[words.fields.initrd.label, boot.initrd]] as [string, ReactNode][]) : []),
            ...(boot && boot.append !== ''
              ? ([[words.fields.append.label, boot.append]] as [string, ReactNode][])
              : []),
          ]}
        />
      </PageSection>
      <PageSection machine={machine} page="storage">
        <StorageRows machineId={machine.id} storage={settings.storage} />
      </PageSection>
      <DetailSection
        name="description"
        title={words.blocks.description}
        icon={<NotesIcon fontSize="small" />}
        onOpen={() => openDialog({ kind: 'settings', id: machine.id, page: 'general' })}
      >
        <DescriptionEditor {...props} />
      </DetailSection>
    </>
  );
}

function SideSections(props: EditorProps): ReactElement {
  const { machine, definition } = props;
  const { details: text, settings: words } = useText();
  const { settings, ui } = definition;
  const ports = settings.serial.flatMap((port, index): [string, string][] =>
    port.kind === 'none'
      ? []
      : [[text.port(index + 1), port.kind === 'file' ? port.path : words.serialModes[port.kind]]],
  );
  return (
    <>
      <PageSection machine={machine} page="display">
        <Properties
          rows={[
            [words.fields.videoMemoryMib.label, <VideoMemoryEditor key="video" {...props} />],
            [words.fields.vga.label, words.adapters[settings.vga]],
            [words.fields.scalePercent.label, text.cap(ui.scalePercent)],
          ]}
        />
      </PageSection>
      <PageSection machine={machine} page="serial">
        {ports.length > 0 ? <Properties rows={ports} /> : <Muted>{text.noPorts}</Muted>}
      </PageSection>
      <PageSection machine={machine} page="userInterface">
        <Properties
          rows={[
            [words.fields.startMode.label, words.startModes[ui.startMode]],
            [words.fields.visualState.label, words.visualStates[ui.visualState]],
            [words.fields.closeAction.label, words.closeActions[ui.closeAction]],
          ]}
        />
      </PageSection>
      {(['audio', 'network', 'usb', 'sharedFolders'] as const).map((page) => (
        <PageSection key={page} machine={machine} page={page}>
          <Muted>{`${text.absent[page]} (${text.notNow})`}</Muted>
        </PageSection>
      ))}
    </>
  );
}

function Muted({ children }: { children: ReactNode }): ReactElement {
  return <Box sx={{ typography: 'body2', color: 'text.secondary' }}>{children}</Box>;
}
