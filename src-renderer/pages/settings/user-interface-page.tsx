// User interface: how the machine's console window looks and ends. All of it may change while the machine runs.
import type { ReactElement } from 'react';
import { ChoiceControl, SwitchControl } from '../../forms/controls.tsx';
import { Block, Field } from '../../forms/field.tsx';
import { useText } from '../../i18n/text.ts';
import { useSettingsForm } from './settings-form.ts';

export function UserInterfacePage(): ReactElement {
  const { settings: text } = useText();
  const { draft, setUi, isShown } = useSettingsForm();
  const { ui } = draft;
  return (
    <>
      <Block title={text.blocks.start}>
        <Field {...text.fields.startMode}>
          {(ids) => (
            <ChoiceControl
              ids={ids}
              value={ui.startMode}
              choices={(['window', 'headless'] as const).map((value) => ({ value, title: text.startModes[value] }))}
              onChange={(startMode) => setUi({ startMode })}
            />
          )}
        </Field>
        <Field {...text.fields.closeAction}>
          {(ids) => (
            <ChoiceControl
              ids={ids}
              value={ui.closeAction}
              choices={(['ask', 'background', 'powerButton', 'powerOff'] as const).map((value) => ({
                value,
                title: text.closeActions[value],
              }))}
              onChange={(closeAction) => setUi({ closeAction })}
            />
          )}
        </Field>
      </Block>
      <Block title={text.blocks.window}>
        <Field {...text.fields.visualState}>
          {(ids) => (
            <ChoiceControl
              ids={ids}
              value={ui.visualState}
              choices={(['normal', 'fullscreen', 'scaled'] as const).map((value) => ({
                value,
                title: text.visualStates[value],
              }))}
              onChange={(visualState) => setUi({ visualState })}
            />
          )}
        </Field>
        {(['showsMenuBar', 'showsStatusBar'] as const).map((field) => (
          <Field key={field} {...text.fields[field]}>
            {(ids) => (
              <SwitchControl
                ids={ids}
                title={text.switches[field]}
                isOn={ui[field]}
                onChange={(isOn) => setUi({ [field]: isOn })}
              />
            )}
          </Field>
        ))}
        {isShown('miniToolbar') && (
          <Field {...text.fields.miniToolbar} help={text.notNow}>
            {(ids) => (
              <SwitchControl
                ids={ids}
                title={text.switches.miniToolbar}
                isOn={false}
                reason={text.notNow}
                onChange={() => {}}
              />
            )}
          </Field>
        )}
      </Block>
    </>
  );
}
