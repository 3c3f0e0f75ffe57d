// The manager window: machines on the left, the selected one's details on the right, verbs in the toolbar and on the list.
import AddIcon from '@mui/icons-material/AddCircleOutlined';
import DeleteIcon from '@mui/icons-material/DeleteOutlined';
import ShowIcon from '@mui/icons-material/DesktopWindowsOutlined';
import PauseIcon from '@mui/icons-material/Pause';
import PlayIcon from '@mui/icons-material/PlayArrow';
import PowerButtonIcon from '@mui/icons-material/PowerOutlined';
import BoltIcon from '@mui/icons-material/PowerSettingsNew';
import ResetIcon from '@mui/icons-material/RestartAlt';
import Alert from '@mui/material/Alert';
import AppBar from '@mui/material/AppBar';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Divider from '@mui/material/Divider';
import LinearProgress from '@mui/material/LinearProgress';
import List from '@mui/material/List';
import ListItemButton from '@mui/material/ListItemButton';
import ListItemText from '@mui/material/ListItemText';
import Stack from '@mui/material/Stack';
import Toolbar from '@mui/material/Toolbar';
import Typography from '@mui/material/Typography';
import { type ReactElement, type ReactNode, useEffect, useState } from 'react';
import type { MachineSummary } from '../../../src-main/contract/methods.ts';
import { openConsoleWindow } from '../../app/windows.ts';
import { client } from '../../client/client.ts';
import { attempt, useHost } from '../../client/store.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { isActive, StateDot, stateWords } from '../../components/machine-state.tsx';
import { MachineDetails } from './machine-details.tsx';
import { NewMachineDialog } from './new-machine-dialog.tsx';

type Question = 'reset' | 'powerOff' | 'remove';

const questions: Record<Question, { title: string; text: string; verb: string }> = {
  reset: {
    title: 'Reset',
    text: 'Unsaved work in the guest will be lost, as with the reset button of a computer.',
    verb: 'Reset',
  },
  powerOff: {
    title: 'Power off',
    text: 'Unsaved work in the guest will be lost, as when a computer’s plug is pulled.',
    verb: 'Power Off',
  },
  remove: {
    title: 'Remove',
    text: 'The machine’s definition and logs will be deleted. Disk and CD images are kept.',
    verb: 'Remove',
  },
};

export function MachinesPage(): ReactElement {
  const { isConnected, isLoaded, machines, inaccessible, info } = useHost();
  const [selectedId, setSelectedId] = useState<string | null>(null);
  const [isNewOpen, setIsNewOpen] = useState(false);
  const [question, setQuestion] = useState<Question | null>(null);
  const selected = machines.find((machine) => machine.id === selectedId) ?? machines[0] ?? null;

  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey && event.key === 'n' && !event.repeat) {
        event.preventDefault();
        setIsNewOpen(true);
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);

  const ask = (machine: MachineSummary, answer: Question): void => {
    setQuestion(null);
    const method = ({ reset: 'machine.reset', powerOff: 'machine.powerOff', remove: 'machine.remove' } as const)[
      answer
    ];
    void attempt(() => client.call(method, { id: machine.id }));
  };

  return (
    <Box sx={{ display: 'flex', flexDirection: 'column', height: '100vh' }}>
      <MachineToolbar selected={selected} onNew={() => setIsNewOpen(true)} onAsk={setQuestion} />
      {!isConnected && isLoaded && <Alert severity="warning">Ospite does not answer. Trying to reconnect…</Alert>}
      {!isLoaded && <LinearProgress aria-label="Loading machines" />}
      <Box sx={{ display: 'flex', flex: 1, minHeight: 0 }}>
        <Box
          component="nav"
          aria-label="Machines"
          sx={{
            width: 300,
            flexShrink: 0,
            borderRight: 1,
            borderColor: 'divider',
            bgcolor: 'background.paper',
            overflow: 'auto',
          }}
        >
          <List sx={{ p: 1 }}>
            {machines.map((machine) => (
              <MachineItem
                key={machine.id}
                machine={machine}
                isSelected={machine === selected}
                onSelect={() => setSelectedId(machine.id)}
              />
            ))}
          </List>
          {inaccessible.map(({ folder, reason }) => (
            <Alert key={folder} severity="error" sx={{ m: 1 }}>
              <strong>Inaccessible:</strong> {folder}
              <br />
              {reason}
            </Alert>
          ))}
        </Box>
        <Box component="main" sx={{ flex: 1, overflow: 'auto', p: 3, bgcolor: 'background.default' }}>
          {selected ? (
            <MachineDetails key={selected.id} machine={selected} />
          ) : (
            isLoaded && <Welcome onNew={() => setIsNewOpen(true)} />
          )}
        </Box>
      </Box>
      <Divider />
      <Typography variant="caption" color="text.secondary" sx={{ px: 2, py: 0.5 }} component="footer">
        {info
          ? `Ospite ${info.version} · ${info.platform} · ${info.logicalProcessors} processors, ${info.memoryMib} MiB · machines in ${info.home}`
          : 'Connecting…'}
      </Typography>
      <NewMachineDialog
        isOpen={isNewOpen}
        onClose={() => setIsNewOpen(false)}
        onCreated={(id) => {
          setIsNewOpen(false);
          setSelectedId(id);
        }}
      />
      {selected && question && (
        <ConfirmDialog
          title={`${questions[question].title} “${selected.name}”?`}
          text={questions[question].text}
          verb={questions[question].verb}
          onCancel={() => setQuestion(null)}
          onConfirm={() => ask(selected, question)}
        />
      )}
    </Box>
  );
}

/** Starts the machine and shows its console. The window is opened first: browsers allow that only during the click. */
function startAndShow(machine: MachineSummary): void {
  openConsoleWindow(machine.id);
  if (!isActive(machine.state)) void attempt(() => client.call('machine.start', { id: machine.id }));
}

function MachineItem({
  machine,
  isSelected,
  onSelect,
}: {
  machine: MachineSummary;
  isSelected: boolean;
  onSelect(): void;
}): ReactElement {
  return (
    <ListItemButton
      selected={isSelected}
      onClick={onSelect}
      onDoubleClick={() => startAndShow(machine)}
      sx={{ borderRadius: 1, gap: 1.5 }}
    >
      <StateDot state={machine.state} />
      <ListItemText
        primary={machine.name}
        secondary={stateWords[machine.state]}
        slotProps={{ primary: { noWrap: true, sx: { fontWeight: 500 } } }}
      />
    </ListItemButton>
  );
}

interface MachineToolbarProps {
  selected: MachineSummary | null;
  onNew(): void;
  onAsk(question: Question): void;
}

function MachineToolbar({ selected, onNew, onAsk }: MachineToolbarProps): ReactElement {
  const isOn = selected !== null && isActive(selected.state);
  const call = (method: 'machine.pause' | 'machine.resume' | 'machine.powerButton'): void => {
    if (selected) void attempt(() => client.call(method, { id: selected.id }));
  };
  return (
    <AppBar position="static" color="inherit" elevation={0} sx={{ borderBottom: 1, borderColor: 'divider' }}>
      <Toolbar variant="dense" sx={{ gap: 0.5, py: 0.5 }}>
        <Box component="img" src="./icon.svg" alt="" sx={{ width: 28, height: 28, mr: 1 }} />
        <Typography variant="h6" component="h1" sx={{ mr: 3 }}>
          Ospite
        </Typography>
        <Verb icon={<AddIcon />} title="New" onClick={onNew} />
        <Divider orientation="vertical" flexItem sx={{ mx: 1 }} />
        <Verb
          icon={isOn ? <ShowIcon /> : <PlayIcon />}
          title={isOn ? 'Show' : 'Start'}
          isDisabled={!selected}
          onClick={() => selected && startAndShow(selected)}
        />
        {selected?.state === 'paused' ? (
          <Verb icon={<PlayIcon />} title="Resume" onClick={() => call('machine.resume')} />
        ) : (
          <Verb
            icon={<PauseIcon />}
            title="Pause"
            isDisabled={selected?.state !== 'running'}
            onClick={() => call('machine.pause')}
          />
        )}
        <Verb icon={<ResetIcon />} title="Reset" isDisabled={!isOn} onClick={() => onAsk('reset')} />
        <Verb
          icon={<PowerButtonIcon />}
          title="ACPI Shutdown"
          isDisabled={!isOn}
          onClick={() => call('machine.powerButton')}
        />
        <Verb icon={<BoltIcon />} title="Power Off" isDisabled={!isOn} onClick={() => onAsk('powerOff')} />
        <Box sx={{ flex: 1 }} />
        <Verb icon={<DeleteIcon />} title="Remove" isDisabled={!selected || isOn} onClick={() => onAsk('remove')} />
      </Toolbar>
    </AppBar>
  );
}

function Verb({
  icon,
  title,
  isDisabled,
  onClick,
}: {
  icon: ReactNode;
  title: string;
  isDisabled?: boolean;
  onClick(): void;
}): ReactElement {
  return (
    <Button
      color="inherit"
      size="small"
      startIcon={icon}
      disabled={isDisabled ?? false}
      onClick={onClick}
      sx={{ px: 1.25 }}
    >
      {title}
    </Button>
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
