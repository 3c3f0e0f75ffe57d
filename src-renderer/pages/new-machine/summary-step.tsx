// What will be made, and where.
import Checkbox from '@mui/material/Checkbox';
import FormControlLabel from '@mui/material/FormControlLabel';
import Paper from '@mui/material/Paper';
import type { ReactElement } from 'react';
import { presetFor } from '../../../src-main/contract/os-presets.ts';
import { Properties } from '../../components/properties.tsx';
import { formatSize } from '../../forms/size.ts';
import { type Text, useText } from '../../i18n/text.ts';
import { useMachineFolder } from './name-step.tsx';
import type { Wizard } from './use-wizard.ts';
import type { WizardDraft } from './wizard-draft.ts';

export function SummaryStep({ wizard }: { wizard: Wizard }): ReactElement {
  const texts = useText();
  const { draft } = wizard;
  const folder = useMachineFolder(draft.name);
  return (
    <>
      <Paper variant="outlined" sx={{ p: 2, mb: 1.5 }}>
        <Properties rows={summaryRows(draft, folder, texts)} />
      </Paper>
      <StartNow wizard={wizard} />
    </>
  );
}

export function StartNow({ wizard }: { wizard: Wizard }): ReactElement {
  const { wizard: text } = useText();
  return (
    <FormControlLabel
      control={
        <Checkbox
          size="small"
          checked={wizard.draft.startsRightAway}
          onChange={(event) => wizard.edit({ startsRightAway: event.target.checked })}
        />
      }
      label={text.startNow}
      slotProps={{ typography: { variant: 'body2' } }}
    />
  );
}

function summaryRows(draft: WizardDraft, folder: string, { wizard, settings, common }: Text): [string, string][] {
  const text = wizard.summary;
  const separator = folder.includes('\\') ? '\\' : '/';
  const bus = settings.buses[draft.diskBus];
  const disk = {
    new: text.newDisk(formatSize(draft.diskBytes), bus, `${folder}${separator}${draft.name}.img`),
    existing: text.oldDisk(draft.diskPath, bus),
    none: common.none,
  }[draft.diskMode];
  const rows: [string, string, boolean?][] = [
    [text.machine, draft.name],
    [text.folder, folder],
    [text.os, settings.osTitle(draft.os, presetFor(draft.os).title)],
    [text.memory, `${draft.memoryMib} ${settings.memory.unit}`],
    [text.processors, '1'],
    [text.cap, `${draft.cpuCapPercent} %`, draft.cpuCapPercent !== 100],
    [text.optical, draft.isoPath === '' ? common.empty : draft.isoPath],
    [text.floppy, draft.floppyPath, draft.floppyPath !== ''],
    [text.disk, disk],
    [text.kernel, draft.kernel, draft.kernel !== ''],
    [text.initrd, draft.initrd, draft.initrd !== ''],
    [text.append, draft.append, draft.append !== ''],
    [text.firmware, draft.firmwarePath === '' ? text.bios : draft.firmwarePath],
    [text.display, text.videoMemory(draft.videoMemoryMib)],
    [text.clock, settings.clocks[draft.rtc]],
  ];
  return rows.flatMap(([name, value, isShown = true]) => (isShown ? [[name, value] as [string, string]] : []));
}
