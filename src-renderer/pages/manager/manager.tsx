// The manager window: menus on top, pages at the far left, machines, and what belongs to the selected ones at the right.
import Box from '@mui/material/Box';
import LinearProgress from '@mui/material/LinearProgress';
import { type ReactElement, useDeferredValue, useEffect, useMemo } from 'react';
import { ConnectionAlert } from '../../app/connection-alert.tsx';
import { ErrorBoundary } from '../../app/error-boundary.tsx';
import { NotificationCentre } from '../../app/notification-centre.tsx';
import { useFailures } from '../../app/use-failures.ts';
import { useHost } from '../../client/store.ts';
import { usePaneMenuStore } from '../../components/pane-menu.ts';
import { useText } from '../../i18n/text.ts';
import type { ManagerAction } from '../../shortcuts/manager.ts';
import { managerShortcuts } from '../../shortcuts/manager.ts';
import { useManagerShortcuts } from '../../shortcuts/use-shortcuts.ts';
import { ActivityOverview } from '../activity/activity-overview.tsx';
import { DoctorPage } from '../doctor/doctor-page.tsx';
import { MediaPage } from '../media/media-page.tsx';
import { NetworkPage } from '../network/network-page.tsx';
import { Dialogs } from './dialogs.tsx';
import { FileDrop, openFile } from './file-drop.tsx';
import { Footer } from './footer.tsx';
import { ListColumn } from './list-column.tsx';
import { machineKey } from './list-model.ts';
import { startMachines } from './machine-actions.ts';
import { MachinePane } from './machine-pane.tsx';
import { type GlobalPage, select, showPage, showTab, useManager } from './manager-store.ts';
import { groupItems, keysOf, machineItems, menuBarMenus } from './menus.ts';
import { SideBar } from './side-bar.tsx';
import { Toolbar } from './toolbar.tsx';
import { TopBar } from './top-bar.tsx';
import { useFirstSelection } from './use-first-selection.ts';
import { useQuitQuestion } from './use-quit-question.ts';
import { type Selection, useSelection } from './use-selection.ts';
import { type VerbName, type Verbs, verbsFor } from './verbs.tsx';

export function ManagerPage({ openedFile = null }: { openedFile?: string | null }): ReactElement {
  useQuitQuestion();
  const text = useText();
  const selection = useSelection();
  // The list answers at once; what belongs to the selected machine follows.
  const shownSelection = useDeferredValue(selection);
  const tab = useManager((manager) => manager.tab);
  const page = useManager((manager) => manager.page);
  const isSearching = useManager((manager) => manager.search !== null);
  const isCentreOpen = useManager((manager) => manager.isCentreOpen);
  const isLoaded = useHost((host) => host.isLoaded);
  const changedKeys = useHost((host) => host.preferences?.managerShortcuts);
  const paneMenu = usePaneMenuStore(({ menu }) => menu);
  const verbs = useMemo(() => verbsFor(selection, text, tab, isSearching), [selection, text, tab, isSearching]);
  const keys = (name: VerbName): string | null => keysOf(name, changedKeys);
  useManagerShortcuts(useMemo(() => shortcutActions(verbs), [verbs]));
  useFirstSelection();
  useFailures();
  useEffect(() => {
    document.title = text.manager.windowTitle;
  }, [text]);
  useEffect(() => {
    if (openedFile !== null) openFile(openedFile);
  }, [openedFile]);
  const source = { verbs, selection, text, changedKeys };
  return (
    <Box sx={{ display: 'flex', flexDirection: 'column', height: '100%', overflow: 'hidden' }}>
      <TopBar menus={menuBarMenus(source, paneMenu)} paletteKeys={keys('app.palette')} />
      <ConnectionAlert />
      {!isLoaded && <LinearProgress aria-label={text.manager.loading} />}
      <Box sx={{ position: 'relative', display: 'flex', flex: 1, minHeight: 0, overflow: 'hidden' }}>
        <SideBar />
        {page === 'machines' ? (
          <>
            <ListColumn
              selection={selection}
              contextItems={selection.group === null ? machineItems(source) : groupItems(source)}
              commands={listCommands(selection, verbs)}
            />
            <Box
              component="main"
              sx={{
                flex: 1,
                minWidth: 0,
                display: 'flex',
                flexDirection: 'column',
                bgcolor: 'background.default',
              }}
            >
              <Toolbar verbs={verbs} keysOf={keys} />
              <MachinePane selection={shownSelection} />
            </Box>
          </>
        ) : (
          <Box component="main" sx={{ flex: 1, minWidth: 0, overflow: 'auto', bgcolor: 'background.default' }}>
            <ErrorBoundary key={page}>{globalPage(page)}</ErrorBoundary>
          </Box>
        )}
        <NotificationCentre isOpen={isCentreOpen} onClose={() => useManager.setState({ isCentreOpen: false })} />
      </Box>
      <Footer />
      <FileDrop />
      <Dialogs selection={selection} verbs={verbs} keysOf={keys} />
    </Box>
  );
}

function globalPage(page: Exclude<GlobalPage, 'machines'>): ReactElement {
  switch (page) {
    case 'media':
      return <MediaPage />;
    case 'network':
      return <NetworkPage />;
    case 'doctor':
      return <DoctorPage />;
    case 'activity':
      return (
        <ActivityOverview
          onShow={(id) => {
            showPage('machines');
            showTab('activity');
            select(machineKey(id));
          }}
        />
      );
  }
}

/** The verbs that can be done now, by the action whose keys run them. */
function shortcutActions(verbs: Verbs): Partial<Record<ManagerAction, () => void>> {
  const names = (Object.keys(managerShortcuts) as ManagerAction[]).filter((name) => verbs[name].reason === '');
  return Object.fromEntries(names.map((name) => [name, verbs[name].run]));
}

function listCommands({ machines, group }: Selection, verbs: Verbs) {
  const run = (name: VerbName): void => {
    if (verbs[name].reason === '') verbs[name].run();
  };
  return {
    start: (isHeadless: boolean) => startMachines(machines, isHeadless ? 'headless' : 'asSet'),
    remove: () => run('machine.remove'),
    rename: () => run(group === null ? 'machine.settings' : 'group.rename'),
    move: (direction: -1 | 1) => run(direction < 0 ? 'machine.moveUp' : 'machine.moveDown'),
  };
}
