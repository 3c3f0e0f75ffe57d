// At the right: the tabs of the selected machine, or what several selected ones, a group or an inaccessible one amount to.
import Box from '@mui/material/Box';
import Tab from '@mui/material/Tab';
import Tabs from '@mui/material/Tabs';
import type { ReactElement } from 'react';
import type { MachineSummary } from '../../../src-main/contract/methods.ts';
import { ErrorBoundary } from '../../app/error-boundary.tsx';
import { useText } from '../../i18n/text.ts';
import { ActivityPane } from '../activity/activity-pane.tsx';
import { DetailsPane } from '../details/details-pane.tsx';
import { LogsPane } from '../logs/logs-pane.tsx';
import { SnapshotsPane } from '../snapshots/snapshots-pane.tsx';
import { BrokenPane } from './broken-pane.tsx';
import { GroupPane } from './group-pane.tsx';
import { type MachineTab, machineTabs, showTab, useManager } from './manager-store.ts';
import type { Selection } from './use-selection.ts';
import { Welcome } from './welcome.tsx';

const panes: Record<MachineTab, (props: { machine: MachineSummary }) => ReactElement> = {
  details: DetailsPane,
  snapshots: SnapshotsPane,
  logs: LogsPane,
  activity: ActivityPane,
};

export function MachinePane({ selection }: { selection: Selection }): ReactElement {
  const { machines, broken, group } = selection;
  const [machine, ...others] = machines;
  const [damaged] = broken;
  if (machine && others.length === 0 && group === null) return <MachineTabs machine={machine} />;
  if (machine) return <GroupPane selection={selection} />;
  if (damaged) return <BrokenPane {...damaged} />;
  return <Welcome />;
}

function MachineTabs({ machine }: { machine: MachineSummary }): ReactElement {
  const { manager: text } = useText();
  const tab = useManager((manager) => manager.tab);
  const Pane = panes[tab];
  return (
    <>
      <Tabs
        value={tab}
        onChange={(_event, chosen: MachineTab) => showTab(chosen)}
        aria-label={text.tabsLabel}
        variant="scrollable"
        sx={{ px: 1, borderBottom: 1, borderColor: 'divider', bgcolor: 'background.paper', flexShrink: 0 }}
      >
        {machineTabs.map((name) => (
          <Tab key={name} value={name} label={text.tabs[name]} id={`tab-${name}`} aria-controls="machine-pane" />
        ))}
      </Tabs>
      <Box
        role="tabpanel"
        id="machine-pane"
        aria-labelledby={`tab-${tab}`}
        // The other panes reach to the edges: they have toolbars of their own.
        sx={{ flex: 1, minHeight: 0, overflow: 'auto', ...(tab === 'details' ? { p: { xs: 2, lg: 2.5 } } : {}) }}
      >
        <ErrorBoundary key={`${machine.id} ${tab}`}>
          <Pane machine={machine} />
        </ErrorBoundary>
      </Box>
    </>
  );
}
