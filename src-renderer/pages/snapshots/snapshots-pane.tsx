// A machine’s snapshots: the tree's place, its verbs and the state that is always there. Taking one is not in this version.
import AddAPhotoIcon from '@mui/icons-material/AddAPhotoOutlined';
import ComputerIcon from '@mui/icons-material/ComputerOutlined';
import ContentCopyIcon from '@mui/icons-material/ContentCopy';
import DeleteIcon from '@mui/icons-material/DeleteOutlined';
import InfoIcon from '@mui/icons-material/InfoOutlined';
import SettingsBackupRestoreIcon from '@mui/icons-material/SettingsBackupRestore';
import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableContainer from '@mui/material/TableContainer';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import type { ReactElement } from 'react';
import type { MachineSummary } from '../../../src-main/contract/methods.ts';
import { Pane } from '../../components/pane.tsx';
import { useText } from '../../i18n/text.ts';

export function SnapshotsPane({ machine }: { machine: MachineSummary }): ReactElement {
  const { common, panes } = useText();
  const text = panes.snapshots;
  const refusal = common.notInThisVersion;
  const run = (): void => {};
  return (
    <Pane
      label={text.title}
      menu={text.menu}
      actions={[
        { title: text.take, icon: <AddAPhotoIcon />, keys: ['Ctrl+Shift+T'], refusal, run },
        { title: text.delete, icon: <DeleteIcon />, keys: ['Ctrl+Shift+D'], refusal, run },
        { title: text.restore, icon: <SettingsBackupRestoreIcon />, keys: ['Ctrl+Shift+R'], refusal, run },
        null,
        { title: text.properties, icon: <InfoIcon />, keys: ['Ctrl+Shift+P'], refusal, run },
        { title: text.clone, icon: <ContentCopyIcon />, keys: ['Ctrl+Shift+C'], refusal, run },
      ]}
    >
      <Box sx={{ flex: 1, minHeight: 0, overflow: 'auto', p: 2 }}>
        <Alert severity="info" sx={{ mb: 2, maxWidth: 860 }}>
          {machine.isDisposable ? text.disposable : text.reason}
        </Alert>
        <TableContainer
          sx={{ border: 1, borderColor: 'divider', borderRadius: 1, bgcolor: 'background.paper', maxWidth: 860 }}
        >
          <Table size="small" aria-label={text.title}>
            <TableHead>
              <TableRow>
                <TableCell>{text.name}</TableCell>
                <TableCell sx={{ width: '50%' }}>{text.taken}</TableCell>
              </TableRow>
            </TableHead>
            <TableBody>
              <TableRow selected sx={{ '& td, & th': { borderBottom: 0 } }}>
                <TableCell component="th" scope="row" sx={{ fontWeight: 500 }}>
                  <Box sx={{ display: 'flex', alignItems: 'center', gap: 1 }}>
                    <ComputerIcon fontSize="small" />
                    {text.currentState}
                  </Box>
                </TableCell>
                <TableCell>{text.stateSince(common.states[machine.state], sinceText(machine, panes.locale))}</TableCell>
              </TableRow>
            </TableBody>
          </Table>
        </TableContainer>
      </Box>
    </Pane>
  );
}

function sinceText(machine: MachineSummary, locale: string): string {
  return new Date(machine.stateSince).toLocaleString(locale, { dateStyle: 'medium', timeStyle: 'short' });
}
