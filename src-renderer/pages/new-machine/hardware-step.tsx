// Memory, processors and firmware.
import type { ReactElement } from 'react';
import { NumberControl, SwitchControl } from '../../forms/controls.tsx';
import { Field } from '../../forms/field.tsx';
import { MemoryControl, PercentControl, useMemoryHelp } from '../../forms/sliders.tsx';
import { useText } from '../../i18n/text.ts';
import type { Wizard } from './use-wizard.ts';

export function HardwareStep({ wizard, isExpert = false }: { wizard: Wizard; isExpert?: boolean }): ReactElement {
  const { settings: text } = useText();
  const { draft, edit, shownProblem } = wizard;
  const memoryHelp = useMemoryHelp(draft.memoryMib);
  return (
    <>
      <Field {...text.fields.memoryMib} help={memoryHelp} error={shownProblem('memoryMib')}>
        {(ids) => (
          <MemoryControl
            ids={ids}
            value={draft.memoryMib}
            isInvalid={shownProblem('memoryMib') !== ''}
            onChange={(memoryMib) => edit({ memoryMib })}
          />
        )}
      </Field>
      <Field {...text.fields.cpus} help={text.cpusReason}>
        {(ids) => <NumberControl ids={ids} value={1} unit="" isDisabled onChange={() => {}} />}
      </Field>
      {isExpert && (
        <Field {...text.fields.cpuCapPercent} error={shownProblem('cpuCapPercent')}>
          {(ids) => (
            <PercentControl
              ids={ids}
              min={1}
              max={100}
              value={draft.cpuCapPercent}
              isInvalid={shownProblem('cpuCapPercent') !== ''}
              onChange={(cpuCapPercent) => edit({ cpuCapPercent })}
            />
          )}
        </Field>
      )}
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
    </>
  );
}
