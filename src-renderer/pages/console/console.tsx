// The console window of one machine: menus, the screen or the serial terminal, and the status bar.
import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Tab from '@mui/material/Tab';
import Tabs from '@mui/material/Tabs';
import { type ReactElement, useEffect, useMemo, useRef, useState } from 'react';
import { ConnectionAlert } from '../../app/connection-alert.tsx';
import { client } from '../../client/client.ts';
import { attempt, useHost } from '../../client/store.ts';
import { ConfirmDialog, type Question } from '../../components/confirm-dialog.tsx';
import { isActive, stateWords } from '../../components/machine-state.tsx';
import { consoleActions, hostCombination } from './console-actions.ts';
import { ConsoleMenus } from './console-menus.tsx';
import { ScreenView, type ScreenViewHandle } from './screen-view.tsx';
import { SerialView, type SerialViewHandle } from './serial-view.tsx';
import { StatusBar } from './status-bar.tsx';
import { useActivity } from './use-activity.ts';
import { useDrives } from './use-drives.ts';

export function ConsolePage({ id }: { id: string }): ReactElement {
  const { machines, isLoaded } = useHost();
  const machine = machines.find((candidate) => candidate.id === id);
  const [tab, setTab] = useState<'screen' | 'serial'>('screen');
  const [isScaled, setIsScaled] = useState(true);
  const [isCaptured, setIsCaptured] = useState(false);
  const screen = useRef<ScreenViewHandle>(null);
  const serial = useRef<SerialViewHandle>(null);
  const [question, setQuestion] = useState<Question | null>(null);
  const activity = useActivity(id);
  const drives = useDrives(id, machine !== undefined);
  const isOn = machine !== undefined && isActive(machine.state);

  useEffect(() => {
    document.title = machine ? `${machine.name} [${stateWords[machine.state]}] - Ospite` : 'Ospite';
  }, [machine]);

  useEffect(
    () =>
      client.openConsole(id, {
        screen: (update) => {
          screen.current?.paint(update);
          requestAnimationFrame(() => void client.call('console.frameShown', { id }).catch(() => {}));
        },
        serial: (chunk) => serial.current?.write(chunk.port, chunk.bytes),
      }),
    [id],
  );

  const wasOn = useRef(false);
  useEffect(() => {
    // A machine that starts again begins with an empty terminal.
    if (isOn && !wasOn.current) serial.current?.clear();
    wasOn.current = isOn;
  }, [isOn]);

  const actions = useMemo(
    () => consoleActions(id, { ask: setQuestion, toggleScaled: () => setIsScaled((before) => !before) }),
    [id],
  );

  return (
    <Box
      sx={{
        display: 'flex',
        flexDirection: 'column',
        height: '100vh',
        bgcolor: 'background.paper',
        overflow: 'hidden',
      }}
    >
      <Box sx={{ display: 'flex', alignItems: 'center', borderBottom: 1, borderColor: 'divider', minHeight: 36 }}>
        <ConsoleMenus id={id} state={machine?.state ?? null} isScaled={isScaled} drives={drives} actions={actions} />
        <Box sx={{ flex: 1 }} />
        <Tabs
          value={tab}
          onChange={(_event, chosen: 'screen' | 'serial') => setTab(chosen)}
          sx={{ minHeight: 36, '& .MuiTab-root': { minHeight: 36, py: 0 } }}
        >
          <Tab label="Screen" value="screen" />
          <Tab label="Serial port" value="serial" />
        </Tabs>
      </Box>
      <ConnectionAlert />
      {isLoaded && !machine && <Alert severity="info">This machine has been removed. You can close this window.</Alert>}
      {machine && machine.message !== '' && (
        <Alert severity={machine.state === 'poweredOff' ? 'warning' : 'error'}>{machine.message}</Alert>
      )}
      <Box sx={{ flex: 1, minHeight: 0, position: 'relative' }}>
        <ScreenView
          ref={screen}
          isVisible={tab === 'screen'}
          isOn={isOn}
          canStart={machine !== undefined && !isOn}
          isPaused={machine?.state === 'paused'}
          isScaled={isScaled}
          onKeys={actions.keys}
          onPointer={(event) => void client.call('machine.pointer', { id, event }).catch(() => {})}
          onCaptured={setIsCaptured}
          onHostCombination={(code) => hostCombination(code, { isOn, isPaused: machine?.state === 'paused' }, actions)}
          onStart={() => actions.call('machine.start')}
        />
        <SerialView
          ref={serial}
          isVisible={tab === 'serial'}
          onInput={(port, data) => void client.call('machine.serialInput', { id, port, data }).catch(() => {})}
        />
      </Box>
      <StatusBar machine={machine} drives={drives} activity={activity} isCaptured={isCaptured} />
      {machine && question && (
        <ConfirmDialog
          question={question}
          machines={[machine]}
          onCancel={() => setQuestion(null)}
          onConfirm={() => {
            setQuestion(null);
            const method = question === 'reset' ? 'machine.reset' : 'machine.powerOff';
            void attempt(() => client.call(method, { id }));
          }}
        />
      )}
    </Box>
  );
}
