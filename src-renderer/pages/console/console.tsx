// The console window of one machine: menus, the screen or a serial terminal, and the status bar.
import Box from '@mui/material/Box';
import Tab from '@mui/material/Tab';
import Tabs from '@mui/material/Tabs';
import { type ReactElement, useEffect, useRef } from 'react';
import { ConnectionAlert } from '../../app/connection-alert.tsx';
import { useHost } from '../../client/store.ts';
import { isActive } from '../../components/machine-state.tsx';
import { ContextMenu, type Items } from '../../components/menu.tsx';
import { MenuBar, type MenuBarMenu } from '../../components/menu-bar.tsx';
import { useText } from '../../i18n/text.ts';
import { type ActionId, type Actions, useActions } from './actions.ts';
import { ConsoleDialogs } from './console-dialogs.tsx';
import { useConsole } from './console-store.ts';
import { consoleChord } from './host-key.ts';
import { useMenus } from './menus.ts';
import { MiniToolbar } from './mini-toolbar.tsx';
import { ScreenView } from './screen-view.tsx';
import { resetTerminals } from './serial-terminal.ts';
import { SerialView } from './serial-view.tsx';
import { ShutdownNotice } from './shutdown-notice.tsx';
import { SoftKeyboard } from './soft-keyboard.tsx';
import { StatusBar } from './status-bar.tsx';
import { useDefinition } from './use-definition.ts';
import { useFrames } from './use-frames.ts';
import { useGuestInput } from './use-lights.ts';
import { useWindow } from './use-window.ts';

export function ConsolePage({ id }: { id: string }): ReactElement {
  const { common } = useText();
  const machine = useHost((host) => host.machines.find((candidate) => candidate.id === id));
  const isOn = machine !== undefined && isActive(machine.state);
  const mode = useConsole((state) => state.mode);
  const tab = useConsole((state) => state.tab);
  const definition = useConsole((state) => state.definition);
  const hasSoftKeyboard = useConsole((state) => state.hasSoftKeyboard);
  const actions = useActions(id);
  const menus = useMenus(id, actions);
  useDefinition(id);
  useFrames(id);
  useGuestInput(id, isOn);
  useWindow(id);

  useEffect(() => {
    document.title = machine ? `${machine.name} [${common.states[machine.state]}] - Ospite` : 'Ospite';
  }, [machine, common]);

  const wasOn = useRef(false);
  useEffect(() => {
    if (isOn && !wasOn.current) resetTerminals();
    wasOn.current = isOn;
  }, [isOn]);

  const ports = (definition?.settings.serial ?? []).flatMap(({ kind }, port) => (kind === 'console' ? [port] : []));
  const hasScreen = definition?.settings.vga !== 'none';
  useEffect(() => {
    if (!hasScreen && tab === 'screen' && ports[0] !== undefined) useConsole.setState({ tab: ports[0] });
  }, [hasScreen, tab, ports[0]]);

  const isNormal = mode === 'normal';
  return (
    <Box
      component="main"
      sx={{
        display: 'flex',
        flexDirection: 'column',
        height: '100vh',
        bgcolor: 'background.paper',
        overflow: 'hidden',
      }}
    >
      {isNormal && (definition?.ui.showsMenuBar ?? true) && <TopBar menus={menus.bar} ports={ports} />}
      <ConnectionAlert />
      <Box sx={{ flex: 1, minHeight: 0, position: 'relative', overflow: 'hidden', containerType: 'size' }}>
        <ScreenView
          id={id}
          isVisible={tab === 'screen' || !isNormal}
          onHostCombination={(chord) => runByChord(chord, actions)}
        />
        {machine &&
          ports.map((port) => (
            <SerialView
              key={port}
              id={id}
              machineName={machine.name}
              port={port}
              isVisible={isNormal && tab === port}
            />
          ))}
        <ShutdownNotice id={id} state={machine?.state} />
        {hasSoftKeyboard && isOn && <SoftKeyboard id={id} />}
        {machine && mode !== 'normal' && <MiniToolbar name={machine.name} mode={mode} actions={actions} />}
      </Box>
      {machine && isNormal && (definition?.ui.showsStatusBar ?? true) && (
        <StatusBar machine={machine} actions={actions} menus={menus} />
      )}
      <PopupMenu menus={menus.bar} />
      {machine && <ConsoleDialogs machine={machine} />}
    </Box>
  );
}

/** The menus, and which of screen and terminals is shown. */
function TopBar({ menus, ports }: { menus: MenuBarMenu[]; ports: number[] }): ReactElement {
  const { console: text } = useText();
  const tab = useConsole((state) => state.tab);
  return (
    <Box
      component="header"
      sx={{
        display: 'flex',
        alignItems: 'center',
        px: 0.5,
        borderBottom: 1,
        borderColor: 'divider',
        height: 36,
        flexShrink: 0,
      }}
    >
      <MenuBar label={text.menuBar} menus={menus} onClosed={() => useConsole.getState().screen?.focus()} />
      <Box sx={{ flex: 1 }} />
      {ports.length > 0 && (
        <Tabs
          value={tab}
          aria-label={text.tabs.label}
          onChange={(_event, chosen: 'screen' | number) => useConsole.setState({ tab: chosen })}
          sx={{ minHeight: 36, '& .MuiTab-root': { minHeight: 36, py: 0, px: 1.5, minWidth: 0 } }}
        >
          <Tab label={text.tabs.screen} value="screen" />
          {ports.map((port) => (
            <Tab key={port} label={text.tabs.serial(port + 1)} value={port} />
          ))}
        </Tabs>
      )}
    </Box>
  );
}

/** All menus in one, where there is no bar: Host+Home, or the toolbar's button. */
function PopupMenu({ menus }: { menus: MenuBarMenu[] }): ReactElement {
  const { console: text } = useText();
  const place = useConsole((state) => state.popup);
  const items: Items = menus.map(({ title, items: inside }) => ({ title, items: inside, run: () => {} }));
  return (
    <ContextMenu
      place={place}
      label={text.popupMenu}
      items={items}
      onClose={() => {
        useConsole.setState({ popup: null });
        useConsole.getState().screen?.focus();
      }}
    />
  );
}

function runByChord(chord: string, actions: Actions): void {
  const changed = useHost.getState().preferences?.consoleShortcuts;
  const name = (Object.keys(actions) as ActionId[]).find((candidate) => consoleChord(candidate, changed) === chord);
  if (name && actions[name].reason === null) actions[name].run();
}
