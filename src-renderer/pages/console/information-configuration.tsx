// What the machine is made of.
import type { ReactElement } from 'react';
import type { MachineSummary } from '../../../src-main/contract/methods.ts';
import { Properties } from '../../components/properties.tsx';
import { useText } from '../../i18n/text.ts';
import { useConsole } from './console-store.ts';
import { drivesOf } from './drives.ts';

export function ConfigurationDetails({ machine }: { machine: MachineSummary }): ReactElement | null {
  const { console: text, common } = useText();
  const definition = useConsole((state) => state.definition);
  if (!definition) return null;
  const { settings } = definition;
  const { rows, values } = text.information;
  const storage = drivesOf(settings.storage, text.drives);
  return (
    <Properties
      rows={[
        [rows.name, definition.name],
        [rows.os, definition.os],
        [rows.folder, machine.folder],
        [rows.memory, values.mib(settings.memoryMib)],
        [rows.processors, String(settings.cpus)],
        [rows.processorModel, settings.cpuModel],
        [rows.cap, values.percent(settings.cpuCapPercent)],
        [rows.firmware, settings.firmware.kind === 'bios' ? values.bios : settings.firmware.path],
        ...(settings.directBoot ? [[rows.directBoot, settings.directBoot.kernel] as [string, string]] : []),
        [rows.boot, settings.bootOrder.map((device) => values.bootDevices[device]).join(', ') || common.none],
        [rows.display, values.vga[settings.vga]],
        [rows.videoMemory, values.mib(settings.videoMemoryMib)],
        [rows.pointing, values.pointing[settings.pointingDevice]],
        [rows.clock, values.rtc[settings.rtc]],
        [
          rows.storage,
          storage.length === 0
            ? common.none
            : storage.map(({ title, attachment, index }) => (
                <div key={index}>
                  {title}: {attachment.path ?? common.empty}
                </div>
              )),
        ],
        [
          rows.serial,
          settings.serial.length === 0
            ? common.none
            : settings.serial.map((port, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: ports are known by their number
                <div key={index}>
                  {index + 1}: {port.kind === 'file' ? port.path : values.serialKinds[port.kind]}
                </div>
              )),
        ],
      ]}
    />
  );
}
