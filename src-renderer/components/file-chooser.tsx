// Chooses a file or a folder of the host: our own list of folders, for browsers and where the system's dialog is not used.
import ArrowUpwardIcon from '@mui/icons-material/ArrowUpward';
import FolderIcon from '@mui/icons-material/Folder';
import InsertDriveFileIcon from '@mui/icons-material/InsertDriveFileOutlined';
import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import IconButton from '@mui/material/IconButton';
import LinearProgress from '@mui/material/LinearProgress';
import List from '@mui/material/List';
import ListItemButton from '@mui/material/ListItemButton';
import ListItemIcon from '@mui/material/ListItemIcon';
import ListItemText from '@mui/material/ListItemText';
import Stack from '@mui/material/Stack';
import TextField from '@mui/material/TextField';
import Tooltip from '@mui/material/Tooltip';
import Typography from '@mui/material/Typography';
import { type ReactElement, useEffect, useState } from 'react';
import type { MethodOutput } from '../../src-main/contract/methods.ts';
import { client } from '../client/client.ts';
import { useText } from '../i18n/text.ts';

type Folder = MethodOutput<'host.browse'>;

interface FileChooserProps {
  isOpen: boolean;
  title: string;
  /** What is chosen; `either` is a file or the shown folder. */
  kind?: 'file' | 'folder' | 'either';
  /** File name endings shown first and in full colour; others stay choosable. */
  extensions?: string[];
  browse?(path: string | null): Promise<Folder>;
  onChoose(path: string): void;
  onClose(): void;
}

const browseHost = (path: string | null): Promise<Folder> => client.call('host.browse', { path });

export function FileChooser(props: FileChooserProps): ReactElement {
  const { isOpen, title, kind = 'file', extensions = [], browse = browseHost, onChoose, onClose } = props;
  const { common } = useText();
  const text = common.chooser;
  const [folder, setFolder] = useState<Folder | null>(null);
  const [typed, setTyped] = useState('');
  const [problem, setProblem] = useState('');
  const go = (path: string | null): void => {
    setProblem('');
    browse(path).then(
      (found) => {
        setFolder(found);
        setTyped(found.path);
      },
      (error: unknown) => setProblem(error instanceof Error ? error.message : String(error)),
    );
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: the list is fetched once for each opening
  useEffect(() => {
    if (isOpen && !folder) go(null);
  }, [isOpen]);
  const join = (name: string): string =>
    `${folder?.path.replace(/[/\\]$/, '')}${folder?.path.includes('\\') ? '\\' : '/'}${name}`;
  const matches = (name: string): boolean =>
    extensions.length === 0 || extensions.some((extension) => name.toLowerCase().endsWith(extension));
  const entries =
    folder?.entries.toSorted(
      (a, b) => Number(b.isDirectory) - Number(a.isDirectory) || Number(matches(b.name)) - Number(matches(a.name)),
    ) ?? [];
  return (
    <Dialog open={isOpen} onClose={onClose} fullWidth maxWidth="sm">
      <DialogTitle>{text.title(title)}</DialogTitle>
      <DialogContent sx={{ display: 'flex', flexDirection: 'column', height: 460 }}>
        <Stack
          direction="row"
          spacing={1}
          sx={{ mb: 1, pt: 1, alignItems: 'flex-start' }}
          component="form"
          onSubmit={(event) => {
            event.preventDefault();
            if (kind !== 'folder' && isFile(typed, folder)) onChoose(typed);
            else go(typed);
          }}
        >
          <Tooltip title={text.parent}>
            <span>
              <IconButton
                aria-label={text.parent}
                disabled={!folder?.parent}
                onClick={() => go(folder?.parent ?? null)}
              >
                <ArrowUpwardIcon />
              </IconButton>
            </span>
          </Tooltip>
          <TextField
            fullWidth
            label={kind === 'folder' ? text.folder : text.folderOrFile}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            error={problem !== ''}
            helperText={problem}
          />
          <Button type="submit" variant="outlined" sx={{ height: 40, flexShrink: 0 }}>
            {text.open}
          </Button>
        </Stack>
        {!folder && problem === '' && <LinearProgress />}
        <List dense sx={{ overflow: 'auto', flex: 1, border: 1, borderColor: 'divider', borderRadius: 1 }}>
          {entries.map((entry) => (
            <ListItemButton
              key={entry.name}
              disabled={kind === 'folder' && !entry.isDirectory}
              onClick={() => (entry.isDirectory ? go(join(entry.name)) : onChoose(join(entry.name)))}
              sx={entry.isDirectory || matches(entry.name) ? {} : { color: 'text.secondary' }}
            >
              <ListItemIcon sx={{ minWidth: 36 }}>
                {entry.isDirectory ? <FolderIcon color="secondary" /> : <InsertDriveFileIcon />}
              </ListItemIcon>
              <ListItemText primary={entry.name} />
              {!entry.isDirectory && (
                <Typography variant="caption" color="text.secondary">
                  {formatBytes(entry.sizeBytes)}
                </Typography>
              )}
            </ListItemButton>
          ))}
          {folder && entries.length === 0 && (
            <Typography color="text.secondary" sx={{ p: 2 }}>
              {text.nothing}
            </Typography>
          )}
          {folder?.isTruncated && (
            <Typography color="text.secondary" sx={{ p: 2 }}>
              {text.truncated}
            </Typography>
          )}
        </List>
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose}>{common.cancel}</Button>
        {kind !== 'file' && (
          <Button variant="contained" disabled={!folder} onClick={() => folder && onChoose(folder.path)}>
            {text.chooseFolder}
          </Button>
        )}
      </DialogActions>
    </Dialog>
  );
}

/** A typed path whose last part is a file of the shown folder, or lies elsewhere and has an extension. */
function isFile(path: string, folder: Folder | null): boolean {
  const name = path.split(/[/\\]/).at(-1) ?? '';
  const entry = folder?.entries.find((candidate) => candidate.name === name);
  return entry ? !entry.isDirectory : /\.[a-z0-9]+$/i.test(name);
}

export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${value < 10 && unit > 0 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}
