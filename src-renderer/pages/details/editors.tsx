// The inline editors of the details: each changes one field by `machine.update`.
import type { ReactElement } from 'react';
import {
  type Accelerator,
  type MachineDefinition,
  type MachineSettings,
  MEMORY_MAX_MIB,
  MEMORY_MIN_MIB,
  machineGroup,
} from '../../../src-main/contract/machine.ts';
import type { MachineSummary } from '../../../src-main/contract/methods.ts';
import { presetFor } from '../../../src-main/contract/os-presets.ts';
import { client } from '../../client/client.ts';
import { useHost } from '../../client/store.ts';
import { isActive } from '../../components/machine-state.tsx';
import { BootOrderControl } from '../../forms/boot-order-control.tsx';
import { ChoiceControl, NumberControl, TextControl } from '../../forms/controls.tsx';
import { OsFields } from '../../forms/os-control.tsx';
import { MemoryControl, PercentControl, useMemoryHelp } from '../../forms/sliders.tsx';
import { useText } from '../../i18n/text.ts';
import type { MachineChange } from '../settings/machine-draft.ts';
import { nameProblem } from '../settings/problems.ts';
import { InlineEditor } from './inline-editor.tsx';

export interface EditorProps {
  machine: MachineSummary;
  definition: MachineDefinition;
}

function saver({ machine }: EditorProps): (change: MachineChange) => Promise<unknown> {
  return (change) => client.call('machine.update', { id: machine.id, ...change });
}

const isLocked = ({ machine }: EditorProps): boolean => isActive(machine.state);

export function NameEditor(props: EditorProps): ReactElement {
  const { settings: text } = useText();
  const machines = useHost((host) => host.machines);
  const others = machines.filter(({ id }) => id !== props.machine.id).map(({ name }) => name);
  return (
    <InlineEditor
      title={text.fields.name.label}
      shown={props.definition.name}
      value={props.definition.name}
      isLocked={isLocked(props)}
      problem={(name) => nameProblem(name, others, text.problems)}
      save={(name) => saver(props)({ name })}
    >
      {(ids, value, set, isInvalid) => (
        <TextControl ids={ids} value={value} hasFocus isInvalid={isInvalid} onChange={set} />
      )}
    </InlineEditor>
  );
}

export function OsEditor(props: EditorProps): ReactElement {
  const { settings: text } = useText();
  const preset = presetFor(props.definition.os);
  return (
    <InlineEditor
      title={text.fields.os.label}
      shown={text.osTitle(preset.id, preset.title)}
      value={props.definition.os}
      isLocked={isLocked(props)}
      width={460}
      save={(os) => saver(props)({ os })}
    >
      {(_ids, value, set) => <OsFields os={value} onChange={set} />}
    </InlineEditor>
  );
}

export function GroupEditor(props: EditorProps): ReactElement {
  const { settings: text, details } = useText();
  const { group } = props.definition;
  return (
    <InlineEditor
      title={text.fields.group.label}
      shown={group === '' ? details.noGroup : group}
      value={group}
      problem={(value) => (machineGroup.safeParse(value).success ? '' : text.problems.group)}
      help={() => text.fields.group.help}
      save={(value) => saver(props)({ group: value })}
    >
      {(ids, value, set, isInvalid) => (
        <TextControl ids={ids} value={value} hasFocus isInvalid={isInvalid} onChange={set} />
      )}
    </InlineEditor>
  );
}

export function DescriptionEditor(props: EditorProps): ReactElement {
  const { settings: text, details } = useText();
  const { description } = props.definition;
  return (
    <InlineEditor
      title={text.fields.description.label}
      shown={description === '' ? details.noDescription : description}
      value={description}
      width={460}
      problem={(value) => (value.length > 65_535 ? text.problems.descriptionLong : '')}
      save={(value) => saver(props)({ description: value })}
    >
      {(ids, value, set, isInvalid) => (
        <TextControl ids={ids} rows={5} value={value} hasFocus isInvalid={isInvalid} onChange={set} />
      )}
    </InlineEditor>
  );
}

export function MemoryEditor(props: EditorProps): ReactElement {
  const { settings: text, details } = useText();
  const { memoryMib } = props.definition.settings;
  const isRight = (mib: number): boolean => mib >= MEMORY_MIN_MIB && mib <= MEMORY_MAX_MIB;
  return (
    <InlineEditor
      title={text.fields.memoryMib.label}
      shown={details.mib(memoryMib)}
      value={memoryMib}
      isLocked={isLocked(props)}
      width={460}
      problem={(mib) => (isRight(mib) ? '' : text.problems.memory(MEMORY_MIN_MIB, MEMORY_MAX_MIB))}
      help={(mib) => <MemoryVerdict mib={mib} />}
      save={(mib) => saver(props)({ settings: { memoryMib: mib } })}
    >
      {(ids, value, set, isInvalid) => <MemoryControl ids={ids} value={value} isInvalid={isInvalid} onChange={set} />}
    </InlineEditor>
  );
}

function MemoryVerdict({ mib }: { mib: number }): string {
  return useMemoryHelp(mib);
}

export function ProcessorsEditor(props: EditorProps): ReactElement {
  const { settings: text } = useText();
  const { cpus } = props.definition.settings;
  return (
    <InlineEditor
      title={text.fields.cpus.label}
      shown={String(cpus)}
      value={cpus}
      isLocked={isLocked(props)}
      width={300}
      problem={(value) => (value === 1 ? '' : text.cpusReason)}
      help={() => text.cpusReason}
      save={(value) => saver(props)({ settings: { cpus: value } })}
    >
      {(ids, value, set, isInvalid) => (
        <NumberControl ids={ids} value={value} unit="" hasFocus isInvalid={isInvalid} onChange={set} />
      )}
    </InlineEditor>
  );
}

export function CapEditor(props: EditorProps): ReactElement {
  const { settings: text, details } = useText();
  const { cpuCapPercent } = props.definition.settings;
  return (
    <InlineEditor
      title={text.fields.cpuCapPercent.label}
      shown={details.cap(cpuCapPercent)}
      value={cpuCapPercent}
      problem={(value) => (value >= 1 && value <= 100 ? '' : text.problems.percent(1, 100))}
      help={() => text.fields.cpuCapPercent.help}
      save={(value) => saver(props)({ settings: { cpuCapPercent: value } })}
    >
      {(ids, value, set, isInvalid) => (
        <PercentControl ids={ids} min={1} max={100} value={value} isInvalid={isInvalid} onChange={set} />
      )}
    </InlineEditor>
  );
}

export function BootOrderEditor(props: EditorProps): ReactElement {
  const { settings: text } = useText();
  const { bootOrder } = props.definition.settings;
  return (
    <InlineEditor<MachineSettings['bootOrder']>
      title={text.fields.bootOrder.label}
      shown={bootOrder.length > 0 ? bootOrder.map((device) => text.bootDevices[device]).join(', ') : text.off}
      value={bootOrder}
      isLocked={isLocked(props)}
      width={340}
      problem={(order) =>
        order.length > 0 || props.definition.settings.directBoot ? '' : text.problems.bootOrderEmpty
      }
      save={(order) => saver(props)({ settings: { bootOrder: order } })}
    >
      {(ids, value, set) => <BootOrderControl ids={ids} value={value} onChange={set} />}
    </InlineEditor>
  );
}

export function AcceleratorEditor(props: EditorProps): ReactElement {
  const { settings: text, details } = useText();
  const accelerators = useHost((host) => host.info?.accelerators) ?? [];
  const { accelerator } = props.definition.settings;
  const inUse = props.machine.accelerator as Exclude<Accelerator, 'auto'> | null;
  return (
    <InlineEditor<Accelerator>
      title={text.fields.accelerator.label}
      shown={inUse === null ? text.accelerators[accelerator] : details.inUse(text.accelerators[inUse] ?? inUse)}
      value={accelerator}
      isLocked={isLocked(props)}
      help={(value) => accelerators.find(({ id }) => id === value)?.reason ?? ''}
      save={(value) => saver(props)({ settings: { accelerator: value } })}
    >
      {(ids, value, set) => (
        <ChoiceControl<Accelerator>
          ids={ids}
          value={value}
          hasFocus
          choices={[
            { value: 'auto', title: text.accelerators.auto },
            ...accelerators.map(({ id, isAvailable, reason }) => ({
              value: id,
              title: text.accelerators[id],
              ...(isAvailable ? {} : { reason }),
            })),
          ]}
          onChange={set}
        />
      )}
    </InlineEditor>
  );
}

export function VideoMemoryEditor(props: EditorProps): ReactElement {
  const { settings: text, details } = useText();
  const { videoMemoryMib } = props.definition.settings;
  return (
    <InlineEditor<MachineSettings['videoMemoryMib']>
      title={text.fields.videoMemoryMib.label}
      shown={details.mib(videoMemoryMib)}
      value={videoMemoryMib}
      isLocked={isLocked(props)}
      help={() => text.fields.videoMemoryMib.help}
      save={(value) => saver(props)({ settings: { videoMemoryMib: value } })}
    >
      {(ids, value, set) => (
        <ChoiceControl
          ids={ids}
          value={value}
          hasFocus
          choices={([4, 8, 16, 32, 64] as const).map((mib) => ({ value: mib, title: details.mib(mib) }))}
          onChange={set}
        />
      )}
    </InlineEditor>
  );
}
