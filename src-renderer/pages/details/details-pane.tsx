// What the selected machine is made of, a picture of its screen, and what it last said in its log.
import ArticleIcon from '@mui/icons-material/ArticleOutlined';
import ComputerIcon from '@mui/icons-material/ComputerOutlined';
import MemoryIcon from '@mui/icons-material/Memory';
import MonitorIcon from '@mui/icons-material/Monitor';
import StorageIcon from '@mui/icons-material/StorageOutlined';
import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import { type ReactElement, useEffect, useState } from 'react';
import type { Attachment, MachineSettings } from '../../../src-main/contract/machine.ts';
import type { MachineSummary, MethodOutput } from '../../../src-main/contract/methods.ts';
import { openConsoleWindow } from '../../app/windows.ts';
import { client } from '../../client/client.ts';
import { notify } from '../../client/store.ts';
import { stateWords } from '../../components/machine-state.tsx';
import { Properties, Section } from '../../components/properties.tsx';
import { usePreview } from './use-preview.ts';

export function DetailsPane({ machine }: { machine: MachineSummary }): ReactElement {
  const isLive = machine.state === 'running' || machine.state === 'paused';
  const details = useDetails(machine);
  const log = useLog(machine, isLive);
  const settings = details?.definition.settings;
  return (
    <Box
      sx={{
        display: 'grid',
        gap: 2,
        gridTemplateColumns: { xs: '1fr', md: 'minmax(0, 1fr) 240px', lg: 'minmax(0, 1fr) 340px' },
        alignItems: 'start',
      }}
    >
      {machine.message !== '' && (
        <Alert severity={machine.state === 'poweredOff' ? 'warning' : 'error'} sx={{ gridColumn: '1 / -1' }}>
          {machine.message}
        </Alert>
      )}
      <Box sx={{ display: 'grid', gap: 2, minWidth: 0 }}>
        <Section title="General" icon={<ComputerIcon fontSize="small" />}>
          <Properties
            rows={[
              ['Name', machine.name],
              ['State', stateWords[machine.state]],
              ...(details?.definition.description
                ? ([['Description', details.definition.description]] as [string, string][])
                : []),
            ]}
          />
        </Section>
        {settings && (
          <>
            <Section title="System" icon={<MemoryIcon fontSize="small" />}>
              <Properties rows={systemRows(settings, machine.accelerator)} />
            </Section>
            <Section title="Storage" icon={<StorageIcon fontSize="small" />}>
              <Properties
                rows={settings.storage.length > 0 ? settings.storage.map(storageRow) : [['Drives', 'none']]}
              />
            </Section>
          </>
        )}
        <Section title="Log" icon={<ArticleIcon fontSize="small" />}>
          <Box
            component="pre"
            tabIndex={0}
            aria-label="Newest log lines"
            sx={{ m: 0, maxHeight: 220, overflow: 'auto', fontSize: 12, whiteSpace: 'pre-wrap' }}
          >
            {log.length > 0 ? log.slice(-100).join('\n') : 'Nothing logged yet.'}
          </Box>
        </Section>
      </Box>
      <Section title="Preview" icon={<MonitorIcon fontSize="small" />}>
        <Preview machine={machine} isLive={isLive} />
      </Section>
    </Box>
  );
}

function Preview({ machine, isLive }: { machine: MachineSummary; isLive: boolean }): ReactElement {
  const picture = usePreview(machine.id, isLive);
  return (
    <Box
      component="button"
      type="button"
      aria-label={isLive ? `Show the console of ${machine.name}` : `${machine.name} is off`}
      disabled={!isLive}
      onClick={() => openConsoleWindow(machine.id)}
      sx={{
        width: '100%',
        aspectRatio: '4 / 3',
        p: 0,
        border: 1,
        borderColor: 'divider',
        borderRadius: 1,
        bgcolor: '#000',
        overflow: 'hidden',
        cursor: isLive ? 'pointer' : 'default',
        display: 'grid',
        placeItems: 'center',
      }}
    >
      {picture ? (
        <Box component="img" src={picture} alt="" sx={{ width: '100%', height: '100%', objectFit: 'contain' }} />
      ) : (
        <Typography variant="body2" sx={{ color: '#8a94a3' }}>
          {isLive ? 'No picture yet' : stateWords[machine.state]}
        </Typography>
      )}
    </Box>
  );
}

function systemRows(settings: MachineSettings, acceleratorInUse: string | null): [string, string][] {
  const rows: [string, string][] = [
    ['Base memory', `${settings.memoryMib} MiB`],
    ['Processors', String(settings.cpus)],
    ['Accelerator', acceleratorInUse ?? settings.accelerator],
    ['Firmware', settings.firmware.kind === 'bios' ? 'Embedded BIOS' : settings.firmware.path],
  ];
  if (settings.directBoot) {
    rows.push(['Kernel', settings.directBoot.kernel]);
    if (settings.directBoot.initrd) rows.push(['Initial RAM disk', settings.directBoot.initrd]);
    if (settings.directBoot.append !== '') rows.push(['Command line', settings.directBoot.append]);
  } else {
    rows.push(['Boot order', settings.bootOrder.map((device) => bootNames[device]).join(', ')]);
  }
  return rows;
}

const bootNames = { disk: 'Hard Disk', cdrom: 'Optical', floppy: 'Floppy', net: 'Network' };
const busNames: Record<Attachment['bus'], string> = {
  ide: 'IDE',
  virtio: 'virtio',
  ahci: 'SATA',
  nvme: 'NVMe',
  scsi: 'SCSI',
  floppy: 'Floppy',
};

function storageRow(attachment: Attachment, index: number): [string, string] {
  const kind = { disk: 'Hard disk', cdrom: 'Optical drive', floppy: 'Floppy drive' }[attachment.type];
  return [
    `${kind} ${index + 1}`,
    `${attachment.path ?? 'empty'} (${busNames[attachment.bus]}${attachment.readOnly && attachment.type === 'disk' ? ', read-only' : ''})`,
  ];
}

function useDetails(machine: MachineSummary): MethodOutput<'machine.get'> | null {
  const [details, setDetails] = useState<MethodOutput<'machine.get'> | null>(null);
  useEffect(() => {
    let isCurrent = true;
    client.call('machine.get', { id: machine.id }).then((found) => isCurrent && setDetails(found), notify);
    return () => {
      isCurrent = false;
    };
  }, [machine]);
  return details;
}

const LOG_RENEW_MS = 3000;

function useLog(machine: MachineSummary, isLive: boolean): string[] {
  const [lines, setLines] = useState<string[]>([]);
  useEffect(() => {
    let isCurrent = true;
    const ask = (): void => {
      if (document.hidden) return;
      // A failure shows elsewhere: the machine has been removed or the connection is gone.
      client.call('machine.log', { id: machine.id }).then(
        (found) => isCurrent && setLines(found.lines),
        () => {},
      );
    };
    ask();
    const timer = isLive ? setInterval(ask, LOG_RENEW_MS) : undefined;
    return () => {
      isCurrent = false;
      clearInterval(timer);
    };
  }, [machine, isLive]);
  return lines;
}
