// An image dragged from the system's file manager onto the window: a new machine from it. Only the desktop application is
// told where a dropped file lies; in a browser the file has to be chosen on the host.
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogContentText from '@mui/material/DialogContentText';
import DialogTitle from '@mui/material/DialogTitle';
import Typography from '@mui/material/Typography';
import { type ReactElement, useEffect, useState } from 'react';
import { FileChooser } from '../../components/file-chooser.tsx';
import { useText } from '../../i18n/text.ts';
import { openNew } from './machine-actions.ts';
import { openDialog, useManager } from './manager-store.ts';

/** What is made of a file: a machine file is added, everything else is an image for a new machine. */
export function openFile(path: string): void {
  if (/[/\\]machine\.json$/i.test(path)) openDialog({ kind: 'add', path });
  else openNew(path);
}

export function FileDrop(): ReactElement | null {
  const { manager } = useText();
  const [isOver, setIsOver] = useState(false);
  useEffect(() => {
    const isFile = (event: DragEvent): boolean =>
      event.dataTransfer?.types.includes('Files') === true && useManager.getState().dialog === null;
    const over = (event: DragEvent): void => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      // Without this the browser would leave the page and open the file.
      event.preventDefault();
      event.dataTransfer.dropEffect = isFile(event) ? 'copy' : 'none';
      setIsOver(isFile(event));
    };
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setIsOver(false);
    };
    const drop = (event: DragEvent): void => {
      const file = event.dataTransfer?.files[0];
      if (!file) return;
      event.preventDefault();
      setIsOver(false);
      if (!isFile(event)) return;
      const path = window.ospiteDesktop?.pathOfFile?.(file) ?? '';
      if (path === '') openDialog({ kind: 'droppedInBrowser', name: file.name });
      else openFile(path);
    };
    window.addEventListener('dragover', over);
    window.addEventListener('dragleave', leave);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragover', over);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('drop', drop);
    };
  }, []);
  if (!isOver) return null;
  return (
    <Box
      sx={{
        position: 'fixed',
        inset: 12,
        zIndex: 'modal',
        pointerEvents: 'none',
        display: 'grid',
        placeItems: 'center',
        borderRadius: 2,
        border: '3px dashed',
        borderColor: 'primary.main',
        bgcolor: 'color-mix(in srgb, var(--mui-palette-background-paper) 88%, transparent)',
      }}
    >
      <Typography variant="h5">{manager.drop.here}</Typography>
    </Box>
  );
}

export function DroppedInBrowserDialog({ name, onClose }: { name: string; onClose(): void }): ReactElement {
  const { common, manager } = useText();
  const [isChoosing, setIsChoosing] = useState(false);
  return (
    <Dialog open onClose={onClose} maxWidth="sm">
      <DialogTitle>{manager.drop.title}</DialogTitle>
      <DialogContent>
        <DialogContentText sx={{ overflowWrap: 'anywhere' }}>{manager.drop.text(name)}</DialogContentText>
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose}>{common.cancel}</Button>
        <Button variant="contained" autoFocus onClick={() => setIsChoosing(true)}>
          {manager.drop.choose}
        </Button>
      </DialogActions>
      <FileChooser
        isOpen={isChoosing}
        title={name}
        extensions={[name.toLowerCase(), '.iso', '.img']}
        onClose={() => setIsChoosing(false)}
        onChoose={openFile}
      />
    </Dialog>
  );
}
