// What runs first: the firmware, or a kernel given directly. The wizard's expert form has the same fields.
import type { ReactElement } from 'react';
import { ChoiceControl, TextControl } from '../../forms/controls.tsx';
import { Block, Field } from '../../forms/field.tsx';
import { PathControl } from '../../forms/path-control.tsx';
import { useText } from '../../i18n/text.ts';
import { useSettingsForm } from './settings-form.ts';

export const kernelExtensions = ['vmlinuz', '.bin', '.lkrn', '.linux', '.elf'];
export const initrdExtensions = ['.gz', '.cpio', '.img'];
export const firmwareExtensions = ['.bin', '.fd', '.rom'];

export function FirmwareFields(): ReactElement {
  const { settings: text } = useText();
  const { draft, setSettings, problem, isShown, isLocked } = useSettingsForm();
  const { firmware } = draft.settings;
  const isFile = firmware.kind === 'file';
  return (
    <>
      {isShown('firmware', isFile) && (
        <Field {...text.fields.firmware}>
          {(ids) => (
            <ChoiceControl
              ids={ids}
              value={firmware.kind}
              isDisabled={isLocked()}
              choices={(['bios', 'file'] as const).map((value) => ({ value, title: text.firmwares[value] }))}
              onChange={(kind) => setSettings({ firmware: kind === 'bios' ? { kind } : { kind, path: '' } })}
            />
          )}
        </Field>
      )}
      {isFile && (
        <>
          <Field {...text.fields.firmwarePath} error={problem('firmwarePath')}>
            {(ids) => (
              <PathControl
                ids={ids}
                title={text.fields.firmwarePath.label}
                value={firmware.path}
                extensions={firmwareExtensions}
                isDisabled={isLocked()}
                isInvalid={problem('firmwarePath') !== ''}
                onChange={(path) => setSettings({ firmware: { ...firmware, path } })}
              />
            )}
          </Field>
          <Field {...text.fields.firmwareVariables} error={problem('firmwareVariables')}>
            {(ids) => (
              <PathControl
                ids={ids}
                title={text.fields.firmwareVariables.label}
                value={firmware.variables ?? ''}
                extensions={['.fd']}
                isDisabled={isLocked()}
                isInvalid={problem('firmwareVariables') !== ''}
                onChange={(variables) =>
                  setSettings({
                    firmware: { kind: 'file', path: firmware.path, ...(variables === '' ? {} : { variables }) },
                  })
                }
              />
            )}
          </Field>
        </>
      )}
    </>
  );
}

export function KernelFields(): ReactElement | null {
  const { settings: text } = useText();
  const { draft, setSettings, problem, isShown, isLocked } = useSettingsForm();
  const boot = draft.settings.directBoot;
  const setBoot = (kernel: string, initrd: string, append: string): void =>
    setSettings({
      directBoot:
        kernel === '' && initrd === '' && append === ''
          ? null
          : { kernel, append, ...(initrd === '' ? {} : { initrd }) },
    });
  const { kernel = '', initrd = '', append = '' } = boot ?? {};
  if (!isShown('kernel', boot !== null)) return null;
  return (
    <Block title={text.blocks.directBoot}>
      <Field {...text.fields.kernel} error={problem('kernel')}>
        {(ids) => (
          <PathControl
            ids={ids}
            title={text.fields.kernel.label}
            value={kernel}
            extensions={kernelExtensions}
            isDisabled={isLocked()}
            isInvalid={problem('kernel') !== ''}
            onChange={(path) => setBoot(path, initrd, append)}
          />
        )}
      </Field>
      <Field {...text.fields.initrd} error={problem('initrd')}>
        {(ids) => (
          <PathControl
            ids={ids}
            title={text.fields.initrd.label}
            value={initrd}
            extensions={initrdExtensions}
            isDisabled={isLocked()}
            isInvalid={problem('initrd') !== ''}
            onChange={(path) => setBoot(kernel, path, append)}
          />
        )}
      </Field>
      <Field {...text.fields.append}>
        {(ids) => (
          <TextControl
            ids={ids}
            value={append}
            placeholder="console=ttyS0"
            isDisabled={isLocked()}
            onChange={(line) => setBoot(kernel, initrd, line)}
          />
        )}
      </Field>
    </Block>
  );
}
