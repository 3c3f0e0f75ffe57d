// The whole wizard on one page, in sections that open and close, with what only experts need.
import ErrorIcon from '@mui/icons-material/ErrorOutlined';
import ExpandMoreIcon from '@mui/icons-material/ExpandMore';
import Accordion from '@mui/material/Accordion';
import AccordionDetails from '@mui/material/AccordionDetails';
import AccordionSummary from '@mui/material/AccordionSummary';
import Typography from '@mui/material/Typography';
import { type ReactElement, type ReactNode, useId } from 'react';
import { ChoiceControl, TextControl } from '../../forms/controls.tsx';
import { Field } from '../../forms/field.tsx';
import { PathControl } from '../../forms/path-control.tsx';
import { mediumExtensions } from '../../forms/use-file-choice.tsx';
import { useText } from '../../i18n/text.ts';
import { firmwareExtensions, initrdExtensions, kernelExtensions } from '../settings/boot-fields.tsx';
import { DiskStep } from './disk-step.tsx';
import { HardwareStep } from './hardware-step.tsx';
import { NameStep } from './name-step.tsx';
import { StartNow } from './summary-step.tsx';
import type { Wizard } from './use-wizard.ts';
import type { WizardDraft, WizardField } from './wizard-draft.ts';

export function ExpertForm({ wizard }: { wizard: Wizard }): ReactElement {
  const { wizard: text, settings } = useText();
  const { draft, edit, shownProblem } = wizard;
  const isWrong = (...fields: WizardField[]): boolean => fields.some((field) => shownProblem(field) !== '');
  const hasBoot = draft.kernel !== '' || draft.firmwarePath !== '';
  return (
    <>
      <Section title={text.sections.name} isWrong={isWrong('name', 'isoPath')} isOpen>
        <NameStep wizard={wizard} />
      </Section>
      <Section title={text.sections.hardware} isWrong={isWrong('memoryMib', 'cpuCapPercent')} isOpen>
        <HardwareStep wizard={wizard} isExpert />
      </Section>
      <Section title={text.sections.disk} isWrong={isWrong('diskBytes', 'diskPath')} isOpen>
        <DiskStep wizard={wizard} isExpert />
      </Section>
      <Section title={text.sections.boot} isWrong={isWrong('kernel', 'initrd', 'firmwarePath')} isOpen={hasBoot}>
        <FileField wizard={wizard} field="kernel" {...settings.fields.kernel} extensions={kernelExtensions} />
        <FileField wizard={wizard} field="initrd" {...settings.fields.initrd} extensions={initrdExtensions} />
        <Field {...settings.fields.append}>
          {(ids) => (
            <TextControl
              ids={ids}
              value={draft.append}
              placeholder="console=ttyS0"
              onChange={(append) => edit({ append })}
            />
          )}
        </Field>
        <FileField
          wizard={wizard}
          field="firmwarePath"
          {...settings.fields.firmwarePath}
          extensions={firmwareExtensions}
        />
      </Section>
      <Section
        title={text.sections.ports}
        isWrong={isWrong('floppyPath', 'serialPath')}
        isOpen={draft.floppyPath !== '' || draft.serialKind !== 'console'}
      >
        <Field label={settings.blocks.port(1)}>
          {(ids) => (
            <ChoiceControl
              ids={ids}
              value={draft.serialKind}
              choices={(['none', 'console', 'file'] as const).map((value) => ({
                value,
                title: settings.serialModes[value],
              }))}
              onChange={(serialKind) => edit({ serialKind })}
            />
          )}
        </Field>
        {draft.serialKind === 'file' && (
          <FileField wizard={wizard} field="serialPath" {...settings.fields.serialPath} extensions={['.log', '.txt']} />
        )}
        <FileField wizard={wizard} field="floppyPath" {...text.floppyPath} extensions={mediumExtensions.floppy} />
      </Section>
      <StartNow wizard={wizard} />
    </>
  );
}

interface FileFieldProps {
  wizard: Wizard;
  field: WizardField & keyof WizardDraft & `${string}`;
  label: string;
  help: string;
  extensions: readonly string[];
}

function FileField({ wizard, field, label, help, extensions }: FileFieldProps): ReactElement {
  const problem = wizard.shownProblem(field);
  return (
    <Field label={label} help={help} error={problem}>
      {(ids) => (
        <PathControl
          ids={ids}
          title={label}
          value={String(wizard.draft[field])}
          extensions={extensions}
          isInvalid={problem !== ''}
          onChange={(path) => wizard.edit({ [field]: path })}
        />
      )}
    </Field>
  );
}

function Section(props: { title: string; isWrong: boolean; isOpen: boolean; children: ReactNode }): ReactElement {
  const { title, isWrong, isOpen, children } = props;
  const id = useId();
  return (
    <Accordion
      defaultExpanded={isOpen}
      disableGutters
      variant="outlined"
      sx={{ mb: 1, borderRadius: 1, '&::before': { display: 'none' } }}
    >
      <AccordionSummary expandIcon={<ExpandMoreIcon />} id={`${id}-title`} aria-controls={`${id}-content`}>
        <Typography variant="subtitle2" component="span" sx={{ display: 'flex', gap: 1, alignItems: 'center' }}>
          {title}
          {isWrong && <ErrorIcon color="error" fontSize="small" />}
        </Typography>
      </AccordionSummary>
      <AccordionDetails>{children}</AccordionDetails>
    </Accordion>
  );
}
