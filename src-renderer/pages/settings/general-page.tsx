// General: what the machine is called, what it runs, and what is written about it.
import type { ReactElement } from 'react';
import { ChoiceControl, SwitchControl, TextControl } from '../../forms/controls.tsx';
import { Block, Field } from '../../forms/field.tsx';
import { OsFields } from '../../forms/os-control.tsx';
import { useText } from '../../i18n/text.ts';
import { useSettingsForm } from './settings-form.ts';

export function GeneralPage(): ReactElement {
  const { settings: text } = useText();
  const { draft, isLive, isExpert, set, problem, isShown } = useSettingsForm();
  const disabled = [{ value: 'disabled', title: `${text.disabled} (${text.notNow})` }];
  return (
    <>
      <Block title={text.blocks.identity}>
        <Field {...text.fields.name} error={problem('name')}>
          {(ids) => (
            <TextControl
              ids={ids}
              value={draft.name}
              isDisabled={isLive}
              isInvalid={problem('name') !== ''}
              onChange={(name) => set({ name })}
            />
          )}
        </Field>
        <OsFields os={draft.os} isDisabled={isLive} onChange={(os) => set({ os })} />
        <Field {...text.fields.group} error={problem('group')}>
          {(ids) => (
            <TextControl
              ids={ids}
              value={draft.group}
              isInvalid={problem('group') !== ''}
              onChange={(group) => set({ group })}
            />
          )}
        </Field>
      </Block>
      <Block title={text.blocks.features}>
        {isShown('snapshotFolder') && (
          <Field {...text.fields.snapshotFolder}>
            {(ids) => <TextControl ids={ids} value="" placeholder={text.notNow} isDisabled onChange={() => {}} />}
          </Field>
        )}
        {(['sharedClipboard', 'dragAndDrop'] as const).map((field) => (
          <Field key={field} {...text.fields[field]}>
            {(ids) => <ChoiceControl ids={ids} value="disabled" isDisabled choices={disabled} onChange={() => {}} />}
          </Field>
        ))}
      </Block>
      <Block title={text.blocks.description}>
        <Field {...text.fields.description} error={problem('description')}>
          {(ids) => (
            <TextControl
              ids={ids}
              rows={4}
              value={draft.description}
              isInvalid={problem('description') !== ''}
              onChange={(description) => set({ description })}
            />
          )}
        </Field>
      </Block>
      {(isExpert || isShown('encryption')) && (
        <Block title={text.blocks.encryption}>
          <Field {...text.fields.encryption} help={text.notNow}>
            {(ids) => (
              <SwitchControl
                ids={ids}
                title={text.switches.encryption}
                isOn={false}
                reason={text.notNow}
                onChange={() => {}}
              />
            )}
          </Field>
        </Block>
      )}
    </>
  );
}
