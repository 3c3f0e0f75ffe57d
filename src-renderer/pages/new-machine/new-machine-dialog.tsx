// Makes a machine: guided, step by step, or everything at once for experts.
import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogTitle from '@mui/material/DialogTitle';
import List from '@mui/material/List';
import ListItemButton from '@mui/material/ListItemButton';
import ListItemText from '@mui/material/ListItemText';
import Typography from '@mui/material/Typography';
import { type ReactElement, useState } from 'react';
import { openConsoleWindow } from '../../app/windows.ts';
import { client } from '../../client/client.ts';
import { attempt } from '../../client/store.ts';
import { CopyCommand } from '../../components/copy-command.tsx';
import { useText } from '../../i18n/text.ts';
import { useDepth } from '../settings/use-depth.ts';
import { DiskStep } from './disk-step.tsx';
import { ExpertForm } from './expert-form.tsx';
import { HardwareStep } from './hardware-step.tsx';
import { NameStep } from './name-step.tsx';
import { SummaryStep } from './summary-step.tsx';
import { useWizard, type Wizard } from './use-wizard.ts';
import { creationOf, type Step, stepFields, steps } from './wizard-draft.ts';

interface NewMachineDialogProps {
  isOpen: boolean;
  /** A file the application was opened with. */
  openedFile: string | null;
  /** Where it is to stand in the list. */
  group?: string;
  onClose(): void;
  onCreated(id: string): void;
}

export function NewMachineDialog({ isOpen, ...rest }: NewMachineDialogProps): ReactElement | null {
  return isOpen ? <WizardDialog {...rest} /> : null;
}

function WizardDialog({
  openedFile,
  group = '',
  onClose,
  onCreated,
}: Omit<NewMachineDialogProps, 'isOpen'>): ReactElement {
  const { wizard: text, common } = useText();
  const wizard = useWizard(openedFile, group);
  const [isExpertUsual, setIsExpert] = useDepth();
  // A kernel is started with fields that only the expert form has.
  const [isKernelShown, setIsKernelShown] = useState(wizard.draft.kernel !== '' || wizard.draft.floppyPath !== '');
  const isExpert = isExpertUsual || isKernelShown;
  const [step, setStep] = useState<Step>('name');
  const [isHelpShown, setIsHelpShown] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const [failure, setFailure] = useState('');
  const { draft, problems } = wizard;

  const at = steps.indexOf(step);
  const isLast = isExpert || step === 'summary';
  const isStepRight = (one: Step): boolean => stepFields[one].every((field) => problems[field] === undefined);
  const isAllRight = Object.keys(problems).length === 0;
  const canGoOn = isLast ? isAllRight && !isBusy : isStepRight(step);
  const next = (): void => {
    wizard.reveal();
    if (canGoOn && !isLast) setStep(steps[at + 1] ?? step);
  };
  const create = async (): Promise<void> => {
    wizard.reveal();
    if (!canGoOn) return;
    setIsBusy(true);
    setFailure('');
    try {
      const { id } = await client.call('machine.create', creationOf(draft));
      if (draft.startsRightAway) {
        openConsoleWindow(id);
        void attempt(() => client.call('machine.start', { id }));
      }
      onCreated(id);
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
      setIsBusy(false);
    }
  };
  const content = { name: NameStep, hardware: HardwareStep, disk: DiskStep, summary: SummaryStep };
  const Content = content[step];

  return (
    <Dialog
      open
      onClose={(_event, reason) => reason === 'escapeKeyDown' && !isBusy && onClose()}
      fullWidth
      maxWidth="md"
      aria-labelledby="wizard-title"
      slotProps={{ paper: { sx: { height: 'min(43rem, calc(100vh - 2rem))', maxHeight: 'none', m: 2 } } }}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || !(event.target instanceof HTMLInputElement) || event.target.type !== 'text')
          return;
        if (event.currentTarget.contains(event.target.closest('[role=dialog] [role=dialog]'))) return;
        event.preventDefault();
        if (isLast) void create();
        else next();
      }}
    >
      <DialogTitle id="wizard-title" sx={{ pb: 1.5 }}>
        {text.title}
      </DialogTitle>
      <Box sx={{ display: 'flex', flex: 1, minHeight: 0, borderTop: 1, borderBottom: 1, borderColor: 'divider' }}>
        {!isExpert && (
          <StepList step={step} wizard={wizard} onStep={setStep} isReachable={(one) => reachable(one, isStepRight)} />
        )}
        <Box
          component="main"
          key={isExpert ? 'expert' : step}
          sx={{ flex: 1, minWidth: 0, overflow: 'auto', px: 3, py: 2 }}
        >
          {isHelpShown && (
            <Alert severity="info" variant="outlined" sx={{ mb: 2 }} onClose={() => setIsHelpShown(false)}>
              {isExpert ? text.help.expert : text.help[step]}
            </Alert>
          )}
          {isExpert ? (
            <ExpertForm wizard={wizard} />
          ) : (
            <>
              <Typography variant="h6" component="h2">
                {text.steps[step]}
              </Typography>
              <Typography variant="body2" color="text.secondary" sx={{ mb: 2 }}>
                {text.lead[step]}
              </Typography>
              <Content wizard={wizard} />
            </>
          )}
        </Box>
      </Box>
      {failure !== '' && (
        <Alert severity="error" sx={{ borderRadius: 0 }}>
          {failure}
        </Alert>
      )}
      <DialogActions sx={{ pt: 1.5, flexWrap: 'wrap', rowGap: 1 }}>
        <Button
          onClick={() => {
            setIsKernelShown(false);
            setIsExpert(!isExpert);
          }}
        >
          {isExpert ? text.guided : text.expert}
        </Button>
        <Button aria-expanded={isHelpShown} onClick={() => setIsHelpShown(!isHelpShown)}>
          {common.help}
        </Button>
        <CopyCommand method="machine.create" input={isAllRight ? creationOf(draft) : null} />
        <Box sx={{ flex: 1 }} />
        <Button onClick={onClose} disabled={isBusy}>
          {common.cancel}
        </Button>
        {!isExpert && (
          <Button disabled={at === 0 || isBusy} onClick={() => setStep(steps[at - 1] ?? step)}>
            {common.back}
          </Button>
        )}
        {isLast ? (
          <Button variant="contained" disabled={!isAllRight || isBusy} onClick={() => void create()}>
            {isBusy ? text.creating : common.finish}
          </Button>
        ) : (
          <Button variant="contained" disabled={!canGoOn} onClick={next}>
            {common.next}
          </Button>
        )}
      </DialogActions>
    </Dialog>
  );

  function reachable(one: Step, isRight: (step: Step) => boolean): boolean {
    return steps.slice(0, steps.indexOf(one)).every(isRight);
  }
}

function StepList(props: {
  step: Step;
  wizard: Wizard;
  isReachable(step: Step): boolean;
  onStep(step: Step): void;
}): ReactElement {
  const { step, isReachable, onStep } = props;
  const { wizard: text } = useText();
  return (
    <List
      component="nav"
      dense
      aria-label={text.stepsLabel}
      sx={{ width: { xs: 170, sm: 220 }, flexShrink: 0, borderRight: 1, borderColor: 'divider', px: 1.5 }}
    >
      {steps.map((one, index) => (
        <ListItemButton
          key={one}
          selected={one === step}
          disabled={!isReachable(one)}
          aria-current={one === step ? 'step' : undefined}
          onClick={() => onStep(one)}
          sx={{ borderRadius: 1, gap: 1.25, alignItems: 'flex-start' }}
        >
          <Box
            aria-hidden
            sx={{
              width: '1.5rem',
              height: '1.5rem',
              mt: 0.25,
              borderRadius: '50%',
              display: 'grid',
              placeItems: 'center',
              flexShrink: 0,
              typography: 'caption',
              fontWeight: 500,
              ...(one === step
                ? { bgcolor: 'primary.main', color: 'primary.contrastText' }
                : { border: 1, borderColor: 'divider' }),
            }}
          >
            {index + 1}
          </Box>
          <ListItemText primary={text.steps[one]} />
        </ListItemButton>
      ))}
    </List>
  );
}
