// The manager window: menus and verbs on top, machines at the left, the selected one's details at the right.
import AddIcon from '@mui/icons-material/AddCircleOutlined';
import Alert from '@mui/material/Alert';
import AlertTitle from '@mui/material/AlertTitle';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Divider from '@mui/material/Divider';
import LinearProgress from '@mui/material/LinearProgress';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import { type ReactElement, useEffect, useState } from 'react';
import { ConnectionAlert } from '../../app/connection-alert.tsx';
import { client } from '../../client/client.ts';
import { attempt, useHost } from '../../client/store.ts';
import { ConfirmDialog, type Question } from '../../components/confirm-dialog.tsx';
import { DropDown, type Items } from '../../components/menu.tsx';
import { DetailsPane } from '../details/details-pane.tsx';
import { NewMachineDialog } from '../new-machine/new-machine-dialog.tsx';
import { AboutDialog } from './about-dialog.tsx';
import { folderName, MachineList } from './machine-list.tsx';
import { type MachineVerbs, machineVerbs, type Verb } from './machine-verbs.tsx';

const confirmed = { reset: 'machine.reset', powerOff: 'machine.powerOff' } as const;

export function ManagerPage(): ReactElement {
  const { isLoaded, machines, inaccessible, info } = useHost();
  const [selectedKey, setSelectedKey] = useState<string | null>(null);
  const [openedFile] = useState(() => fileInAddress(location.hash));
  const [isNewOpen, setIsNewOpen] = useState(openedFile !== null);
  const [isAboutOpen, setIsAboutOpen] = useState(false);
  const [question, setQuestion] = useState<Question | null>(null);
  const broken = inaccessible.find(({ folder }) => folder === selectedKey) ?? null;
  const selected = broken ? null : (machines.find((machine) => machine.id === selectedKey) ?? machines[0] ?? null);
  const verbs = machineVerbs(selected, setQuestion);
  const openNew = (): void => setIsNewOpen(true);
  useNewKey(openNew);
  useEffect(() => {
    document.title = 'Ospite Manager';
  }, []);

  const machineItems: Items = [
    verbs.remove,
    null,
    verbs.start,
    verbs.pause,
    verbs.reset,
    null,
    verbs.shutDown,
    verbs.powerOff,
  ];
  return (
    <Box sx={{ display: 'flex', flexDirection: 'column', height: '100vh' }}>
      <Box component="header" sx={{ borderBottom: 1, borderColor: 'divider', bgcolor: 'background.paper' }}>
        <Box sx={{ display: 'flex', alignItems: 'center', px: 1, pt: 0.5 }}>
          <Box component="img" src="./icon.svg" alt="" sx={{ width: 22, height: 22, mx: 0.75 }} />
          <DropDown title="Machine" items={[{ title: 'New…', keys: 'Ctrl+N', run: openNew }, null, ...machineItems]} />
          <DropDown
            title="Help"
            items={[{ title: 'About Ospite…', isDisabled: !info, run: () => setIsAboutOpen(true) }]}
          />
        </Box>
        <MachineToolbar verbs={verbs} onNew={openNew} />
      </Box>
      <ConnectionAlert />
      {!isLoaded && <LinearProgress aria-label="Loading machines" />}
      <Box sx={{ display: 'flex', flex: 1, minHeight: 0 }}>
        <Box
          component="nav"
          aria-label="Machines"
          sx={{
            width: { xs: 220, lg: 300 },
            flexShrink: 0,
            borderRight: 1,
            borderColor: 'divider',
            bgcolor: 'background.paper',
            overflow: 'auto',
          }}
        >
          <MachineList
            machines={machines}
            inaccessible={inaccessible}
            selected={broken?.folder ?? selected?.id ?? null}
            contextItems={machineItems}
            onSelect={setSelectedKey}
          />
        </Box>
        <Box
          component="main"
          sx={{ flex: 1, minWidth: 0, overflow: 'auto', p: { xs: 2, lg: 3 }, bgcolor: 'background.default' }}
        >
          {selected && <DetailsPane key={selected.id} machine={selected} />}
          {broken && <InaccessibleDetails {...broken} />}
          {!selected && !broken && isLoaded && <Welcome onNew={openNew} />}
        </Box>
      </Box>
      <Divider />
      <Typography variant="caption" color="text.secondary" noWrap sx={{ px: 2, py: 0.5 }} component="footer">
        {info
          ? `Ospite ${info.version} · ${info.platform} · ${info.logicalProcessors} processors, ${info.memoryMib} MiB · machines in ${info.home}`
          : 'Connecting…'}
      </Typography>
      <NewMachineDialog
        isOpen={isNewOpen}
        openedFile={openedFile}
        onClose={() => setIsNewOpen(false)}
        onCreated={(id) => {
          setIsNewOpen(false);
          setSelectedKey(id);
        }}
      />
      {isAboutOpen && info && <AboutDialog info={info} onClose={() => setIsAboutOpen(false)} />}
      {selected && question && (
        <ConfirmDialog
          question={question}
          machines={[selected]}
          onCancel={() => setQuestion(null)}
          onConfirm={() => {
            setQuestion(null);
            void attempt(() => client.call(confirmed[question], { id: selected.id }));
          }}
        />
      )}
    </Box>
  );
}

function useNewKey(openNew: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (!event.ctrlKey || event.key !== 'n' || event.repeat) return;
      event.preventDefault();
      openNew();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [openNew]);
}

function MachineToolbar({ verbs, onNew }: { verbs: MachineVerbs; onNew(): void }): ReactElement {
  return (
    <Box role="toolbar" aria-label="Machine" sx={{ display: 'flex', gap: 0.5, px: 1, py: 0.5 }}>
      <VerbButton title="New" icon={<AddIcon />} isDisabled={false} run={onNew} />
      <Divider orientation="vertical" flexItem sx={{ mx: 1 }} />
      <VerbButton {...verbs.start} />
      <VerbButton {...verbs.pause} />
      <VerbButton {...verbs.reset} />
      <VerbButton {...verbs.shutDown} />
      <VerbButton {...verbs.powerOff} />
      <Box sx={{ flex: 1 }} />
      <VerbButton {...verbs.remove} />
    </Box>
  );
}

function VerbButton({ title, icon, isDisabled, run }: Verb): ReactElement {
  return (
    <Button color="inherit" size="small" startIcon={icon} disabled={isDisabled} onClick={run} sx={{ px: 1.25 }}>
      {title}
    </Button>
  );
}

function InaccessibleDetails({ folder, reason }: { folder: string; reason: string }): ReactElement {
  return (
    <Alert severity="error" sx={{ overflowWrap: 'anywhere' }}>
      <AlertTitle>“{folderName(folder)}” is inaccessible</AlertTitle>
      {reason}
      <br />
      Its folder is {folder}. Nothing in it was changed; repair it and start Ospite again.
    </Alert>
  );
}

function Welcome({ onNew }: { onNew(): void }): ReactElement {
  return (
    <Stack spacing={2} sx={{ alignItems: 'center', justifyContent: 'center', height: '100%', textAlign: 'center' }}>
      <Box component="img" src="./icon.svg" alt="" sx={{ width: 96, height: 96 }} />
      <Typography variant="h5">No machines yet</Typography>
      <Typography color="text.secondary" sx={{ maxWidth: 420 }}>
        Make one from a CD image, a disk image, a floppy or a Linux kernel. It runs in its own window, with nothing to
        install in this computer’s system.
      </Typography>
      <Button variant="contained" size="large" startIcon={<AddIcon />} onClick={onNew}>
        New machine
      </Button>
    </Stack>
  );
}

/** The file behind #/new/..., which the desktop and `ospite open` put there. */
function fileInAddress(hash: string): string | null {
  const encoded = /^#\/new\/(.+)$/.exec(hash)?.[1];
  try {
    return encoded === undefined ? null : decodeURIComponent(encoded);
  } catch {
    return null;
  }
}
