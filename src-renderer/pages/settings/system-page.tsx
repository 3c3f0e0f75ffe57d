// System: the board, the processors, and what runs the guest's instructions.
import type { ReactElement } from 'react';
import type { Accelerator, MachineSettings } from '../../../src-main/contract/machine.ts';
import { useHost } from '../../client/store.ts';
import { BootOrderControl } from '../../forms/boot-order-control.tsx';
import { ChoiceControl, NumberControl, SwitchControl } from '../../forms/controls.tsx';
import { Block, Field } from '../../forms/field.tsx';
import { MemoryControl, PercentControl, useMemoryHelp } from '../../forms/sliders.tsx';
import { useText } from '../../i18n/text.ts';
import { FirmwareFields, KernelFields } from './boot-fields.tsx';
import { FixedControl } from './fixed-control.tsx';
import { useSettingsForm } from './settings-form.ts';

export function SystemPage(): ReactElement {
  const { settings: text } = useText();
  return (
    <>
      <Block title={text.blocks.motherboard}>
        <MotherboardFields />
      </Block>
      <Block title={text.blocks.processor}>
        <ProcessorFields />
      </Block>
      <Block title={text.blocks.acceleration}>
        <AccelerationFields />
      </Block>
      <KernelFields />
    </>
  );
}

function MotherboardFields(): ReactElement {
  const { settings: text } = useText();
  const { draft, setSettings, problem, isShown, isLocked } = useSettingsForm();
  const { settings } = draft;
  const memoryHelp = useMemoryHelp(settings.memoryMib);
  return (
    <>
      <Field {...text.fields.memoryMib} help={memoryHelp} error={problem('memoryMib')}>
        {(ids) => (
          <MemoryControl
            ids={ids}
            value={settings.memoryMib}
            isDisabled={isLocked()}
            isInvalid={problem('memoryMib') !== ''}
            onChange={(memoryMib) => setSettings({ memoryMib })}
          />
        )}
      </Field>
      <Field {...text.fields.bootOrder} error={problem('bootOrder')} isGroup>
        {(ids) => (
          <BootOrderControl
            ids={ids}
            value={settings.bootOrder}
            isDisabled={isLocked()}
            onChange={(bootOrder) => setSettings({ bootOrder })}
          />
        )}
      </Field>
      {isShown('tpm') && (
        <Field {...text.fields.tpm} help={text.notNow}>
          {(ids) => <FixedControl ids={ids} title={text.off} />}
        </Field>
      )}
      {isShown('chipset') && (
        <Field {...text.fields.chipset}>{(ids) => <FixedControl ids={ids} title={text.chipset} />}</Field>
      )}
      <Field {...text.fields.pointingDevice}>
        {(ids) => (
          <ChoiceControl
            ids={ids}
            value={settings.pointingDevice}
            isDisabled={isLocked()}
            choices={(['vmmouse', 'ps2'] as const).map((value) => ({ value, title: text.pointingDevices[value] }))}
            onChange={(pointingDevice) => setSettings({ pointingDevice })}
          />
        )}
      </Field>
      <Field {...text.fields.rtc}>
        {(ids) => (
          <ChoiceControl
            ids={ids}
            value={settings.rtc}
            isDisabled={isLocked()}
            choices={(['utc', 'local'] as const).map((value) => ({ value, title: text.clocks[value] }))}
            onChange={(rtc) => setSettings({ rtc })}
          />
        )}
      </Field>
      <Field {...text.fields.efi} help={text.switches.efiReason}>
        {(ids) => (
          <SwitchControl
            ids={ids}
            title={text.switches.efi}
            isOn={false}
            reason={text.switches.efiReason}
            onChange={() => {}}
          />
        )}
      </Field>
      <FirmwareFields />
      {isShown('rng', !settings.rng) && (
        <Field {...text.fields.rng}>
          {(ids) => (
            <SwitchControl
              ids={ids}
              title={text.switches.rng}
              isOn={settings.rng}
              isDisabled={isLocked()}
              onChange={(rng) => setSettings({ rng })}
            />
          )}
        </Field>
      )}
    </>
  );
}

function ProcessorFields(): ReactElement {
  const { settings: text } = useText();
  const { draft, setSettings, problem, isShown, isLocked } = useSettingsForm();
  const { settings } = draft;
  return (
    <>
      <Field {...text.fields.cpus} help={text.cpusReason} error={problem('cpus')}>
        {(ids) => <NumberControl ids={ids} value={settings.cpus} unit="" isDisabled onChange={() => {}} />}
      </Field>
      <Field {...text.fields.cpuCapPercent} error={problem('cpuCapPercent')}>
        {(ids) => (
          <PercentControl
            ids={ids}
            min={1}
            max={100}
            value={settings.cpuCapPercent}
            isDisabled={isLocked('cpuCapPercent')}
            isInvalid={problem('cpuCapPercent') !== ''}
            onChange={(cpuCapPercent) => setSettings({ cpuCapPercent })}
          />
        )}
      </Field>
      {isShown('cpuModel', settings.cpuModel !== 'ospite-v2') && (
        <Field {...text.fields.cpuModel}>
          {(ids) => (
            <ChoiceControl
              ids={ids}
              value={settings.cpuModel}
              isDisabled={isLocked()}
              choices={withPresent(
                Object.entries(text.cpuModels).map(([value, title]) => ({ value, title })),
                settings.cpuModel,
              )}
              onChange={(cpuModel) => setSettings({ cpuModel })}
            />
          )}
        </Field>
      )}
      {isShown('nested') && (
        <Field {...text.fields.nested} help={text.notNow}>
          {(ids) => (
            <SwitchControl
              ids={ids}
              title={text.switches.nested}
              isOn={false}
              reason={text.notNow}
              onChange={() => {}}
            />
          )}
        </Field>
      )}
    </>
  );
}

function AccelerationFields(): ReactElement {
  const { settings: text } = useText();
  const { draft, setSettings, problem, isShown, isLocked } = useSettingsForm();
  const accelerators = useHost((host) => host.info?.accelerators) ?? [];
  const chosen = draft.settings.accelerator;
  const best = accelerators.find(({ isAvailable }) => isAvailable);
  const help =
    chosen === 'auto'
      ? text.autoMeans(best ? text.accelerators[best.id] : '…')
      : (accelerators.find(({ id }) => id === chosen)?.reason ?? '');
  return (
    <>
      <Field {...text.fields.accelerator} help={help} error={problem('accelerator')}>
        {(ids) => (
          <ChoiceControl<Accelerator>
            ids={ids}
            value={chosen}
            isDisabled={isLocked()}
            isInvalid={problem('accelerator') !== ''}
            choices={[
              { value: 'auto', title: text.accelerators.auto },
              ...accelerators.map(({ id, isAvailable, reason }) => ({
                value: id,
                title: text.accelerators[id],
                ...(isAvailable ? {} : { reason }),
              })),
            ]}
            onChange={(accelerator) => setSettings({ accelerator })}
          />
        )}
      </Field>
      {isShown('paravirtualization') && (
        <Field {...text.fields.paravirtualization} help={text.notNow}>
          {(ids) => <FixedControl ids={ids} title={text.off} />}
        </Field>
      )}
    </>
  );
}

/** The choices and, where it is none of them, what is set now. */
function withPresent(
  choices: { value: string; title: string }[],
  present: MachineSettings['cpuModel'],
): { value: string; title: string }[] {
  return choices.some(({ value }) => value === present) ? choices : [...choices, { value: present, title: present }];
}
