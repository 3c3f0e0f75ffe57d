// A machine’s settings: pages at the left, the fields of one at the right, what is wrong at the foot.
import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogTitle from '@mui/material/DialogTitle';
import LinearProgress from '@mui/material/LinearProgress';
import Typography from '@mui/material/Typography';
import { type ReactElement, useState } from 'react';
import { useHost } from '../../client/store.ts';
import { CopyCommand } from '../../components/copy-command.tsx';
import { isActive } from '../../components/machine-state.tsx';
import { FieldSearch } from '../../forms/field.tsx';
import { useText } from '../../i18n/text.ts';
import { ConflictAlert, LeaveQuestion, ProblemStrip } from './dialog-alerts.tsx';
import { saveCalls } from './machine-draft.ts';
import { PageContent } from './page-content.tsx';
import { PageList } from './page-list.tsx';
import { pageOf, pagesFor, type SettingsPage } from './pages.ts';
import { problemsOf } from './problems.ts';
import { type SettingsForm, SettingsFormContext } from './settings-form.ts';
import { useDepth } from './use-depth.ts';
import { type MachineDraftView, useMachineDraft } from './use-machine-draft.ts';

export type { SettingsPage } from './pages.ts';

interface SettingsDialogProps {
  id: string;
  /** Shown first. */
  page?: SettingsPage;
  onClose(): void;
}

export function SettingsDialog({ id, page: firstPage = 'general', onClose }: SettingsDialogProps): ReactElement {
  const { settings: text, common } = useText();
  const view = useMachineDraft(id);
  const machines = useHost((host) => host.machines);
  const accelerators = useHost((host) => host.info?.accelerators) ?? [];
  const [page, setPage] = useState<SettingsPage>(firstPage);
  const [query, setQuery] = useState('');
  const [isExpert, setIsExpert] = useDepth();
  const [isHelpShown, setIsHelpShown] = useState(false);
  const [isLeaving, setIsLeaving] = useState(false);
  const [isSaving, setIsSaving] = useState(false);
  const [failure, setFailure] = useState('');

  const machine = machines.find((candidate) => candidate.id === id);
  const isLive = machine !== undefined && isActive(machine.state);
  const draft = view.state?.draft ?? null;
  const otherNames = machines.filter((other) => other.id !== id).map((other) => other.name);
  const problems = draft ? problemsOf(draft, { otherNames, accelerators }, text.problems) : [];
  const pages = pagesFor(query, text);
  const shownPage = pages.includes(page) ? page : pages[0];
  const form: SettingsForm | null = draft && {
    draft,
    isLive,
    isExpert,
    query,
    problems,
    set: (change) => view.edit((before) => ({ ...before, ...change })),
    setSettings: (change) => view.edit((before) => ({ ...before, settings: { ...before.settings, ...change } })),
    setUi: (change) => view.edit((before) => ({ ...before, ui: { ...before.ui, ...change } })),
  };
  const leave = (): void => (view.changeCount > 0 ? setIsLeaving(true) : onClose());
  const save = async (): Promise<void> => {
    if (view.changeCount === 0) return onClose();
    setIsSaving(true);
    setFailure('');
    try {
      await view.save(isLive);
      onClose();
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
      setIsSaving(false);
    }
  };
  const isGone = view.failure !== '';
  const canSave = form !== null && !isGone && problems.length === 0 && !view.state?.theirs && !isSaving;

  return (
    <Dialog
      open
      onClose={leave}
      fullWidth
      maxWidth="md"
      aria-labelledby="settings-title"
      slotProps={{ paper: { sx: { height: 'min(46rem, calc(100vh - 2rem))', maxHeight: 'none', m: 2 } } }}
    >
      <DialogTitle id="settings-title" noWrap sx={{ pb: 1.5 }}>
        {text.title(view.state?.base.name ?? machine?.name ?? '')}
      </DialogTitle>
      <Box sx={{ display: 'flex', flex: 1, minHeight: 0, borderTop: 1, borderBottom: 1, borderColor: 'divider' }}>
        <PageList
          pages={pages}
          page={shownPage}
          problems={problems}
          query={query}
          isExpert={isExpert}
          onQuery={setQuery}
          onDepth={setIsExpert}
          onPage={setPage}
        />
        <Box sx={{ flex: 1, minWidth: 0, display: 'flex', flexDirection: 'column' }}>
          <ConflictAlert isShown={Boolean(view.state?.theirs) && !isSaving} onResolve={view.resolve} />
          {isLive && (
            <Alert severity="info" sx={{ borderRadius: 0 }}>
              {text.onlyLive}
            </Alert>
          )}
          {isHelpShown && shownPage && (
            <Alert severity="info" variant="outlined" sx={{ m: 2, mb: 0 }} onClose={() => setIsHelpShown(false)}>
              {text.pageHelp[shownPage]}
            </Alert>
          )}
          <Box
            component="main"
            tabIndex={-1}
            key={shownPage ?? 'none'}
            sx={{ flex: 1, overflow: 'auto', px: 3, py: 2, outline: 0 }}
          >
            {isGone ? (
              <Alert severity="error">{view.failure === 'removed' ? text.removed : view.failure}</Alert>
            ) : form && shownPage ? (
              <FieldSearch value={query}>
                <SettingsFormContext value={form}>
                  <PageContent page={shownPage} folder={machine?.folder ?? ''} />
                </SettingsFormContext>
              </FieldSearch>
            ) : form ? (
              <Typography color="text.secondary">{text.nothingFound(query)}</Typography>
            ) : (
              <LinearProgress aria-label={text.loading} />
            )}
          </Box>
        </Box>
      </Box>
      {failure !== '' && (
        <Alert severity="error" sx={{ borderRadius: 0 }}>
          {failure}
        </Alert>
      )}
      <ProblemStrip
        problems={problems}
        onShow={(field) => {
          setQuery('');
          setPage(pageOf(field));
        }}
      />
      <DialogActions sx={{ pt: 1.5 }}>
        <Button aria-expanded={isHelpShown} onClick={() => setIsHelpShown(!isHelpShown)}>
          {common.help}
        </Button>
        <ChangeCommand id={id} view={view} isInvalid={problems.length > 0} isLive={isLive} />
        <Box sx={{ flex: 1 }} />
        <Button onClick={leave}>{common.cancel}</Button>
        <Button variant="contained" disabled={!canSave} onClick={() => void save()}>
          {isSaving ? text.saving : common.ok}
        </Button>
      </DialogActions>
      {isLeaving && <LeaveQuestion count={view.changeCount} onStay={() => setIsLeaving(false)} onLeave={onClose} />}
    </Dialog>
  );
}

/** The change as it would be saved now. While the machine runs that may be no more than another disc. */
function ChangeCommand({ id, view, isInvalid, isLive }: ChangeCommandProps): ReactElement {
  const { update, media } =
    view.state && !isInvalid ? saveCalls(id, view.state.base, view.state.draft, isLive) : { update: null, media: [] };
  return update === null && media.length > 0 ? (
    <CopyCommand method="machine.changeMedium" input={media} />
  ) : (
    <CopyCommand method="machine.update" input={update} />
  );
}

interface ChangeCommandProps {
  id: string;
  view: MachineDraftView;
  isInvalid: boolean;
  isLive: boolean;
}
