// Display: the adapter that the guest sees, and how its picture is drawn.
import type { ReactElement } from 'react';
import { ChoiceControl, NumberControl, SwitchControl } from '../../forms/controls.tsx';
import { Block, Field } from '../../forms/field.tsx';
import { PercentControl } from '../../forms/sliders.tsx';
import { useText } from '../../i18n/text.ts';
import { useSettingsForm } from './settings-form.ts';

const VIDEO_MEMORY = [4, 8, 16, 32, 64] as const;

export function DisplayPage(): ReactElement {
  const { settings: text } = useText();
  const { draft, setSettings, setUi, problem, isShown, isLocked } = useSettingsForm();
  const { settings, ui } = draft;
  return (
    <>
      <Block title={text.blocks.screen}>
        <Field {...text.fields.videoMemoryMib}>
          {(ids) => (
            <ChoiceControl
              ids={ids}
              value={settings.videoMemoryMib}
              isDisabled={isLocked() || settings.vga === 'none'}
              choices={VIDEO_MEMORY.map((value) => ({ value, title: `${value} ${text.memory.unit}` }))}
              onChange={(videoMemoryMib) => setSettings({ videoMemoryMib })}
            />
          )}
        </Field>
        <Field {...text.fields.scalePercent} error={problem('scalePercent')}>
          {(ids) => (
            <PercentControl
              ids={ids}
              min={50}
              max={400}
              value={ui.scalePercent}
              isInvalid={problem('scalePercent') !== ''}
              onChange={(scalePercent) => setUi({ scalePercent })}
            />
          )}
        </Field>
        {isShown('vga', settings.vga !== 'std') && (
          <Field {...text.fields.vga}>
            {(ids) => (
              <ChoiceControl
                ids={ids}
                value={settings.vga}
                isDisabled={isLocked()}
                choices={(['std', 'none'] as const).map((value) => ({ value, title: text.adapters[value] }))}
                onChange={(vga) => setSettings({ vga })}
              />
            )}
          </Field>
        )}
        {isShown('monitors') && (
          <Field {...text.fields.monitors} help={text.notNow}>
            {(ids) => <NumberControl ids={ids} value={1} unit="" isDisabled onChange={() => {}} />}
          </Field>
        )}
        {isShown('acceleration3d') && (
          <Field {...text.fields.acceleration3d} help={text.notNow}>
            {(ids) => (
              <SwitchControl
                ids={ids}
                title={text.switches.acceleration3d}
                isOn={false}
                reason={text.notNow}
                onChange={() => {}}
              />
            )}
          </Field>
        )}
      </Block>
      {isShown('remoteDisplay') && (
        <Block title={text.blocks.remoteDisplay}>
          <Field {...text.fields.remoteDisplay} help={text.switches.remoteDisplayReason}>
            {(ids) => (
              <SwitchControl
                ids={ids}
                title={text.switches.remoteDisplay}
                isOn={false}
                reason={text.switches.remoteDisplayReason}
                onChange={() => {}}
              />
            )}
          </Field>
        </Block>
      )}
      <Block title={text.blocks.recording}>
        <Field {...text.fields.recording} isGroup help={text.switches.recordingReason}>
          {() => null}
        </Field>
      </Block>
    </>
  );
}
