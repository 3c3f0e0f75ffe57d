// The hard disk: a new one, an existing image, or none.
import Collapse from '@mui/material/Collapse';
import FormControlLabel from '@mui/material/FormControlLabel';
import Radio from '@mui/material/Radio';
import RadioGroup from '@mui/material/RadioGroup';
import type { ReactElement } from 'react';
import { useHost } from '../../client/store.ts';
import { ChoiceControl, SwitchControl } from '../../forms/controls.tsx';
import { Field } from '../../forms/field.tsx';
import { PathControl } from '../../forms/path-control.tsx';
import { formatSize } from '../../forms/size.ts';
import { SizeControl } from '../../forms/sliders.tsx';
import { mediumExtensions } from '../../forms/use-file-choice.tsx';
import { useText } from '../../i18n/text.ts';
import type { Wizard } from './use-wizard.ts';
import type { DiskMode } from './wizard-draft.ts';

const modes: readonly DiskMode[] = ['new', 'existing', 'none'];

export function DiskStep({ wizard, isExpert = false }: { wizard: Wizard; isExpert?: boolean }): ReactElement {
  const { wizard: text, settings } = useText();
  const { draft, edit, shownProblem } = wizard;
  return (
    <RadioGroup
      aria-label={text.steps.disk}
      value={draft.diskMode}
      onChange={(_event, mode) => edit({ diskMode: mode as DiskMode })}
    >
      {modes.map((mode) => (
        <div key={mode}>
          <FormControlLabel
            value={mode}
            control={<Radio size="small" />}
            label={text.diskChoices[mode]}
            slotProps={{ typography: { variant: 'body2' } }}
          />
          <Collapse in={draft.diskMode === mode && mode !== 'none'} timeout={0} unmountOnExit sx={{ pl: 3.5, pb: 1 }}>
            {mode === 'new' ? <NewDiskFields wizard={wizard} isExpert={isExpert} /> : null}
            {mode === 'existing' ? (
              <Field label={text.diskFile} error={shownProblem('diskPath')}>
                {(ids) => (
                  <PathControl
                    ids={ids}
                    title={text.diskFile}
                    value={draft.diskPath}
                    extensions={mediumExtensions.disk}
                    isInvalid={shownProblem('diskPath') !== ''}
                    onChange={(diskPath) => edit({ diskPath })}
                  />
                )}
              </Field>
            ) : null}
            {mode !== 'none' && isExpert ? (
              <Field {...settings.fields.bus}>
                {(ids) => (
                  <ChoiceControl
                    ids={ids}
                    value={draft.diskBus}
                    choices={(['virtio', 'ide'] as const).map((value) => ({ value, title: settings.buses[value] }))}
                    onChange={(diskBus) => edit({ diskBus })}
                  />
                )}
              </Field>
            ) : null}
          </Collapse>
        </div>
      ))}
    </RadioGroup>
  );
}

function NewDiskFields({ wizard, isExpert }: { wizard: Wizard; isExpert: boolean }): ReactElement {
  const { wizard: text, settings } = useText();
  const { draft, edit, shownProblem } = wizard;
  const freeBytes = useHost((host) => host.info?.freeDiskBytes) ?? 0;
  const free = formatSize(freeBytes);
  const fits = draft.diskBytes <= freeBytes;
  const help =
    freeBytes === 0
      ? ''
      : fits
        ? text.freeSpace(free)
        : draft.isPreallocated
          ? text.notEnoughSpace(free)
          : text.mayNotFit(free);
  return (
    <>
      <Field label={settings.size.label} help={help} error={shownProblem('diskBytes')}>
        {(ids) => (
          <SizeControl
            ids={ids}
            bytes={draft.diskBytes}
            isInvalid={shownProblem('diskBytes') !== ''}
            onChange={(diskBytes) => edit({ diskBytes })}
          />
        )}
      </Field>
      <Field label={text.diskFormat}>
        {(ids) => (
          <ChoiceControl
            ids={ids}
            value="raw"
            isDisabled
            choices={[{ value: 'raw', title: text.diskFormatRaw }]}
            onChange={() => {}}
          />
        )}
      </Field>
      <Field label="" isGroup help={settings.preallocateHelp}>
        {(ids) => (
          <SwitchControl
            ids={ids}
            title={settings.preallocate}
            isOn={draft.isPreallocated}
            onChange={(isPreallocated) => edit({ isPreallocated })}
          />
        )}
      </Field>
      {isExpert && (
        <Field label="" isGroup help={settings.notNow}>
          {(ids) => (
            <SwitchControl ids={ids} title={text.split} isOn={false} reason={settings.notNow} onChange={() => {}} />
          )}
        </Field>
      )}
    </>
  );
}
