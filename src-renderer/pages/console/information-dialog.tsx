// Session information: what the machine is made of, how it runs, and its charts.
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import Tab from '@mui/material/Tab';
import Tabs from '@mui/material/Tabs';
import { type ReactElement, useState } from 'react';
import type { MachineSummary } from '../../../src-main/contract/methods.ts';
import { useText } from '../../i18n/text.ts';
import { ActivityPane } from '../activity/activity-pane.tsx';
import { ConfigurationDetails } from './information-configuration.tsx';
import { RuntimeInformation } from './information-runtime.tsx';

type Page = 'configuration' | 'runtime' | 'activity';
const PAGES: Page[] = ['configuration', 'runtime', 'activity'];

export function InformationDialog({ machine, onClose }: { machine: MachineSummary; onClose(): void }): ReactElement {
  const { console: text, common } = useText();
  const [page, setPage] = useState<Page>('runtime');
  return (
    <Dialog open onClose={onClose} maxWidth="md" fullWidth>
      <DialogTitle sx={{ pb: 0, overflowWrap: 'anywhere' }}>{text.information.title(machine.name)}</DialogTitle>
      <Tabs
        value={page}
        onChange={(_event, chosen: Page) => setPage(chosen)}
        sx={{ px: 2, borderBottom: 1, borderColor: 'divider' }}
      >
        {PAGES.map((one) => (
          <Tab
            key={one}
            value={one}
            label={text.information.tabs[one]}
            id={`information-${one}`}
            aria-controls="information-page"
          />
        ))}
      </Tabs>
      <DialogContent sx={{ height: 440, px: page === 'activity' ? 0 : 3, pb: page === 'activity' ? 0 : 2 }}>
        <Box
          role="tabpanel"
          id="information-page"
          aria-labelledby={`information-${page}`}
          tabIndex={0}
          sx={{ height: '100%', outline: 'none' }}
        >
          {page === 'configuration' && <ConfigurationDetails machine={machine} />}
          {page === 'runtime' && <RuntimeInformation machine={machine} />}
          {page === 'activity' && <ActivityPane machine={machine} />}
        </Box>
      </DialogContent>
      <DialogActions>
        <Button autoFocus onClick={onClose}>
          {common.close}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
