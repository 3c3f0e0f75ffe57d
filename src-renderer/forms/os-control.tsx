// Which system a machine runs: its family, then its version.
import type { ReactElement } from 'react';
import { type OsFamily, osFamilies, osPresets, presetFor } from '../../src-main/contract/os-presets.ts';
import { useText } from '../i18n/text.ts';
import { ChoiceControl } from './controls.tsx';
import { Field } from './field.tsx';

interface OsFieldsProps {
  os: string;
  isDisabled?: boolean;
  onChange(os: string): void;
}

export function OsFields({ os, isDisabled = false, onChange }: OsFieldsProps): ReactElement {
  const { settings: text } = useText();
  const preset = presetFor(os);
  const versions = osPresets.filter(({ family }) => family === preset.family);
  return (
    <>
      <Field {...text.fields.osFamily}>
        {(ids) => (
          <ChoiceControl<OsFamily>
            ids={ids}
            value={preset.family}
            isDisabled={isDisabled}
            choices={osFamilies.map((family) => ({ value: family, title: text.families[family] }))}
            onChange={(family) => onChange(osPresets.find((candidate) => candidate.family === family)?.id ?? 'other')}
          />
        )}
      </Field>
      <Field {...text.fields.os} help={preset.obstacle === undefined ? '' : text.problems.needsUefi}>
        {(ids) => (
          <ChoiceControl
            ids={ids}
            value={preset.id}
            isDisabled={isDisabled}
            choices={versions.map(({ id, title }) => ({ value: id, title: text.osTitle(id, title) }))}
            onChange={onChange}
          />
        )}
      </Field>
    </>
  );
}
