// A serial port's tab: its terminal under a bar for search, copy and paste, text size and saving.
import '@xterm/xterm/css/xterm.css';
import ClearIcon from '@mui/icons-material/BackspaceOutlined';
import CloseIcon from '@mui/icons-material/Close';
import PasteIcon from '@mui/icons-material/ContentPasteOutlined';
import CopyIcon from '@mui/icons-material/CopyAllOutlined';
import DownIcon from '@mui/icons-material/KeyboardArrowDown';
import UpIcon from '@mui/icons-material/KeyboardArrowUp';
import SaveIcon from '@mui/icons-material/SaveAltOutlined';
import SearchIcon from '@mui/icons-material/Search';
import SmallerIcon from '@mui/icons-material/TextDecrease';
import LargerIcon from '@mui/icons-material/TextIncrease';
import Box from '@mui/material/Box';
import IconButton from '@mui/material/IconButton';
import InputBase from '@mui/material/InputBase';
import { useColorScheme } from '@mui/material/styles';
import Tooltip from '@mui/material/Tooltip';
import Typography from '@mui/material/Typography';
import { type ReactElement, type ReactNode, useEffect, useRef, useState } from 'react';
import { attempt } from '../../client/store.ts';
import { useText } from '../../i18n/text.ts';
import { fileName, saveFile } from './save-file.ts';
import { serialTerminal } from './serial-terminal.ts';

interface SerialViewProps {
  id: string;
  machineName: string;
  port: number;
  isVisible: boolean;
}

export function SerialView({ id, machineName, port, isVisible }: SerialViewProps): ReactElement {
  const { console: text } = useText();
  const { mode, systemMode } = useColorScheme();
  const scheme = (mode === 'system' ? systemMode : mode) === 'dark' ? 'dark' : 'light';
  const container = useRef<HTMLDivElement>(null);
  const [isFinding, setIsFinding] = useState(false);
  const serial = serialTerminal(id, port);

  useEffect(() => serial.setScheme(scheme), [serial, scheme]);
  useEffect(() => serial.onFind(() => setIsFinding(true)), [serial]);
  useEffect(() => {
    if (!isVisible || !container.current) return;
    serial.show(container.current);
    const observer = new ResizeObserver(() => serial.fit());
    observer.observe(container.current);
    return () => observer.disconnect();
  }, [isVisible, serial]);

  const paste = async (): Promise<void> => {
    const pasted = await navigator.clipboard?.readText().catch(() => null);
    if (pasted === null || pasted === undefined) throw new Error(text.serial.noClipboard);
    serial.terminal.paste(pasted);
    serial.terminal.focus();
  };
  return (
    <Box
      sx={{
        position: 'absolute',
        inset: 0,
        display: isVisible ? 'flex' : 'none',
        flexDirection: 'column',
        bgcolor: 'background.paper',
      }}
    >
      <Box
        role="toolbar"
        aria-label={text.serial.toolbar}
        sx={{
          display: 'flex',
          alignItems: 'center',
          gap: 0.25,
          px: 1,
          py: 0.25,
          borderBottom: 1,
          borderColor: 'divider',
        }}
      >
        <Tool title={`${text.serial.find} (Ctrl+Shift+F)`} onClick={() => setIsFinding(!isFinding)}>
          <SearchIcon fontSize="small" />
        </Tool>
        <Tool title={`${text.serial.copy} (Ctrl+Shift+C)`} onClick={() => serial.copy()}>
          <CopyIcon fontSize="small" />
        </Tool>
        <Tool title={`${text.serial.paste} (Ctrl+Shift+V)`} onClick={() => void attempt(paste)}>
          <PasteIcon fontSize="small" />
        </Tool>
        <Tool title={text.serial.clear} onClick={() => serial.terminal.clear()}>
          <ClearIcon fontSize="small" />
        </Tool>
        <Tool
          title={text.serial.save}
          onClick={() =>
            saveFile(
              new Blob([serial.contents()], { type: 'text/plain' }),
              fileName(`${machineName} serial ${port + 1}`, 'txt'),
            )
          }
        >
          <SaveIcon fontSize="small" />
        </Tool>
        <Tool title={text.serial.smaller} onClick={() => serial.enlarge(-1)}>
          <SmallerIcon fontSize="small" />
        </Tool>
        <Tool title={text.serial.larger} onClick={() => serial.enlarge(1)}>
          <LargerIcon fontSize="small" />
        </Tool>
        {isFinding && <FindBar id={id} port={port} onClose={() => setIsFinding(false)} />}
      </Box>
      <Box
        ref={container}
        data-testid={port === 0 ? 'serial-terminal' : `serial-terminal-${port}`}
        sx={{ flex: 1, minHeight: 0, m: 1, '& .xterm, & .xterm-viewport': { bgcolor: 'transparent !important' } }}
      />
    </Box>
  );
}

function FindBar({ id, port, onClose }: { id: string; port: number; onClose(): void }): ReactElement {
  const { console: text } = useText();
  const serial = serialTerminal(id, port);
  const [wanted, setWanted] = useState('');
  const [found, setFound] = useState<{ at: number; of: number } | null>(null);
  useEffect(() => {
    const stop = serial.search.onDidChangeResults(({ resultIndex, resultCount }) =>
      setFound({ at: resultIndex + 1, of: resultCount }),
    );
    return () => {
      stop.dispose();
      serial.search.clearDecorations();
      serial.terminal.focus();
    };
  }, [serial]);
  return (
    <Box role="search" sx={{ display: 'flex', alignItems: 'center', gap: 0.5, ml: 'auto' }}>
      <InputBase
        autoFocus
        value={wanted}
        placeholder={text.serial.find}
        inputProps={{ 'aria-label': text.serial.find }}
        onChange={(event) => {
          setWanted(event.target.value);
          serial.find(event.target.value, -1, true);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onClose();
          if (event.key === 'Enter') serial.find(wanted, event.shiftKey ? 1 : -1);
        }}
        sx={{ px: 1, width: 200, border: 1, borderColor: 'divider', borderRadius: 1, typography: 'body2' }}
      />
      <Typography variant="caption" role="status" sx={{ minWidth: 72, textAlign: 'center' }}>
        {wanted !== '' && found ? text.serial.matches(found.at, found.of) : ''}
      </Typography>
      <Tool title={`${text.serial.findPrevious} (Enter)`} onClick={() => serial.find(wanted, -1)}>
        <UpIcon fontSize="small" />
      </Tool>
      <Tool title={`${text.serial.findNext} (Shift+Enter)`} onClick={() => serial.find(wanted, 1)}>
        <DownIcon fontSize="small" />
      </Tool>
      <Tool title={text.serial.closeFind} onClick={onClose}>
        <CloseIcon fontSize="small" />
      </Tool>
    </Box>
  );
}

function Tool({ title, onClick, children }: { title: string; onClick(): void; children: ReactNode }): ReactElement {
  return (
    <Tooltip title={title}>
      <IconButton size="small" aria-label={title} onClick={onClick}>
        {children}
      </IconButton>
    </Tooltip>
  );
}
