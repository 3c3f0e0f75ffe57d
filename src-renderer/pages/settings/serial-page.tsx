// Serial ports: where what the guest sends goes.
import type { ReactElement } from 'react';
import type { SerialPort } from '../../../src-main/contract/machine.ts';
import { ChoiceControl } from '../../forms/controls.tsx';
import { Block, Field } from '../../forms/field.tsx';
import { PathControl } from '../../forms/path-control.tsx';
import { useText } from '../../i18n/text.ts';
import { useSettingsForm } from './settings-form.ts';

const PORTS = [
  { irq: 4, ioPort: '0x3F8' },
  { irq: 3, ioPort: '0x2F8' },
  { irq: 4, ioPort: '0x3E8' },
  { irq: 3, ioPort: '0x2E8' },
];

export function SerialPage(): ReactElement {
  const { settings: text } = useText();
  const { draft, setSettings, problem, isLocked } = useSettingsForm();
  const { serial } = draft.settings;
  const set = (index: number, port: SerialPort): void => {
    const ports = PORTS.map((_port, at): SerialPort => (at === index ? port : (serial[at] ?? { kind: 'none' })));
    // Ports after the last connected one need no mention.
    setSettings({ serial: ports.slice(0, ports.findLastIndex(({ kind }) => kind !== 'none') + 1) });
  };
  return (
    <>
      {PORTS.map(({ irq, ioPort }, index) => {
        const port = serial[index] ?? { kind: 'none' };
        return (
          <Block key={ioPort} title={text.blocks.port(index + 1)}>
            <Field {...text.fields.serial} help={text.serialWhere(irq, ioPort)} error={problem('serial', index)}>
              {(ids) => (
                <ChoiceControl
                  ids={ids}
                  value={port.kind}
                  isDisabled={isLocked()}
                  choices={(['none', 'console', 'file'] as const).map((value) => ({
                    value,
                    title: text.serialModes[value],
                  }))}
                  onChange={(kind) => set(index, kind === 'file' ? { kind, path: '' } : { kind })}
                />
              )}
            </Field>
            {port.kind === 'file' && (
              <Field {...text.fields.serialPath} error={problem('serialPath', index)}>
                {(ids) => (
                  <PathControl
                    ids={ids}
                    title={text.fields.serialPath.label}
                    value={port.path}
                    extensions={['.log', '.txt']}
                    isDisabled={isLocked()}
                    isInvalid={problem('serialPath', index) !== ''}
                    onChange={(path) => set(index, { kind: 'file', path })}
                  />
                )}
              </Field>
            )}
          </Block>
        );
      })}
    </>
  );
}
