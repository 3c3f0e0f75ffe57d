// Makes a machine from an ISO, a floppy, a hard disk image or a Linux kernel.
import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import Slider from '@mui/material/Slider';
import Stack from '@mui/material/Stack';
import TextField from '@mui/material/TextField';
import ToggleButton from '@mui/material/ToggleButton';
import ToggleButtonGroup from '@mui/material/ToggleButtonGroup';
import Typography from '@mui/material/Typography';
import { type ReactElement, useState } from 'react';
import { type MachineSettingsInput, MEMORY_MAX_MIB } from '../../../src-main/contract/machine.ts';
import { machineName } from '../../../src-main/contract/primitives.ts';
import { client } from '../../client/client.ts';
import { PathField } from '../../forms/path-field.tsx';

type Source = 'cdrom' | 'disk' | 'floppy' | 'kernel' | 'none';

interface SourceKind {
  title: string;
  label: string;
  extensions: string[];
  /** What the machine will be. */
  help: string;
}

const sources: Record<Source, SourceKind> = {
  cdrom: {
    title: 'CD image',
    label: 'ISO image',
    extensions: ['.iso'],
    help: 'Starts from the disc, without a hard disk: a live or rescue system.',
  },
  disk: {
    title: 'Hard disk',
    label: 'Disk image',
    extensions: ['.img', '.raw', '.dd'],
    help: 'Starts from an existing raw image, and changes it.',
  },
  floppy: {
    title: 'Floppy',
    label: 'Floppy image',
    extensions: ['.img', '.ima', '.flp', '.vfd'],
    help: 'Starts from a floppy disk image, and changes it.',
  },
  kernel: {
    title: 'Linux kernel',
    label: 'Kernel',
    extensions: ['vmlinuz', '.bin', '.lkrn', '.linux', '.elf'],
    help: 'Starts a kernel file directly, without a boot loader.',
  },
  none: {
    title: 'Nothing yet',
    label: '',
    extensions: [],
    help: 'Makes a machine with an empty optical drive; insert a disc while it runs.',
  },
};

/** 4 MiB to the maximum, a step for each doubling and half doubling. */
const memorySteps = [4, 8, 16, 32, 64, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048, 3072, MEMORY_MAX_MIB];

const memoryMarks = [16, 64, 256, 1024, MEMORY_MAX_MIB].map((mib) => ({
  value: memorySteps.indexOf(mib),
  label: mib < 1024 ? `${mib} MiB` : `${mib / 1024} GiB`,
}));

interface NewMachineDialogProps {
  isOpen: boolean;
  /** A file the application was opened with. */
  openedFile: string | null;
  onClose(): void;
  onCreated(id: string): void;
}

export function NewMachineDialog({ isOpen, openedFile, onClose, onCreated }: NewMachineDialogProps): ReactElement {
  const [name, setName] = useState(openedFile === null ? '' : nameFrom(openedFile));
  const [isNameTouched, setIsNameTouched] = useState(false);
  const [source, setSource] = useState<Source>(openedFile === null ? 'cdrom' : sourceOf(openedFile));
  const [paths, setPaths] = useState<Partial<Record<Source, string>>>(
    openedFile === null ? {} : { [sourceOf(openedFile)]: openedFile },
  );
  const [initrd, setInitrd] = useState('');
  const [append, setAppend] = useState('');
  const [memoryMib, setMemoryMib] = useState(512);
  const [problem, setProblem] = useState('');
  const [isBusy, setIsBusy] = useState(false);
  const path = paths[source] ?? '';
  const nameProblem = name === '' ? '' : (machineName.safeParse(name).error?.issues[0]?.message ?? '');
  const isReady = name !== '' && nameProblem === '' && (source === 'none' || path !== '') && !isBusy;

  const choosePath = (chosen: string): void => {
    setPaths((before) => ({ ...before, [source]: chosen }));
    if (!isNameTouched) setName(nameFrom(chosen));
  };
  const create = async (): Promise<void> => {
    setIsBusy(true);
    setProblem('');
    try {
      const { id } = await client.call('machine.create', {
        name,
        settings: settingsFor({ source, path, initrd, append, memoryMib }),
      });
      setName('');
      setIsNameTouched(false);
      setPaths({});
      setInitrd('');
      setAppend('');
      onCreated(id);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    } finally {
      setIsBusy(false);
    }
  };

  return (
    <Dialog
      open={isOpen}
      onClose={onClose}
      fullWidth
      maxWidth="sm"
      onKeyDown={(event) => {
        if (event.key === 'Enter' && isReady && event.target instanceof HTMLInputElement) void create();
      }}
    >
      <DialogTitle>New machine</DialogTitle>
      <DialogContent>
        <Stack spacing={2.5} sx={{ pt: 1 }}>
          <div>
            <Typography variant="body2" color="text.secondary" sx={{ mb: 0.5 }} id="source-label">
              Start from
            </Typography>
            <ToggleButtonGroup
              exclusive
              fullWidth
              size="small"
              aria-labelledby="source-label"
              value={source}
              onChange={(_event, chosen: Source | null) => chosen && setSource(chosen)}
            >
              {(Object.keys(sources) as Source[]).map((key) => (
                <ToggleButton key={key} value={key}>
                  {sources[key].title}
                </ToggleButton>
              ))}
            </ToggleButtonGroup>
            <Typography variant="caption" color="text.secondary" component="p" sx={{ mt: 0.5 }}>
              {sources[source].help}
            </Typography>
          </div>
          {source !== 'none' && (
            <PathField
              label={sources[source].label}
              value={path}
              extensions={sources[source].extensions}
              onChange={choosePath}
            />
          )}
          {source === 'kernel' && (
            <>
              <PathField
                label="Initial RAM disk (optional)"
                value={initrd}
                extensions={['.gz', '.cpio', '.img']}
                onChange={setInitrd}
              />
              <TextField
                label="Kernel command line (optional)"
                placeholder="console=ttyS0"
                helperText="With console=ttyS0 the kernel talks to the serial port, which the console window shows."
                value={append}
                onChange={(event) => setAppend(event.target.value)}
              />
            </>
          )}
          <TextField
            label="Name"
            required
            value={name}
            error={nameProblem !== ''}
            helperText={nameProblem}
            onChange={(event) => {
              setIsNameTouched(true);
              setName(event.target.value);
            }}
          />
          <Box sx={{ px: 1.5 }}>
            <Typography variant="body2" color="text.secondary" id="memory-label" sx={{ mx: -1.5 }}>
              Base memory: {memoryMib} MiB
            </Typography>
            <Slider
              aria-labelledby="memory-label"
              size="small"
              marks={memoryMarks}
              getAriaValueText={() => `${memoryMib} MiB`}
              min={0}
              max={memorySteps.length - 1}
              step={1}
              value={memorySteps.indexOf(memoryMib)}
              onChange={(_event, step) => setMemoryMib(memorySteps[step as number] ?? 512)}
            />
          </Box>
          {problem !== '' && <Alert severity="error">{problem}</Alert>}
        </Stack>
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
        <Button variant="contained" disabled={!isReady} onClick={() => void create()}>
          Create
        </Button>
      </DialogActions>
    </Dialog>
  );
}

/** What a file is most likely meant as, by its name; the dialog lets the person choose otherwise. */
function sourceOf(path: string): Source {
  if (/\.(ima|flp|vfd)$/i.test(path)) return 'floppy';
  return /\.(img|raw|dd)$/i.test(path) ? 'disk' : 'cdrom';
}

function nameFrom(path: string): string {
  const file = path.split(/[/\\]/).at(-1) ?? '';
  return file
    .replace(/\.[a-z0-9]{1,5}$/i, '')
    .replaceAll(/[:*?"<>|]/g, ' ')
    .slice(0, 60);
}

function settingsFor(form: {
  source: Source;
  path: string;
  initrd: string;
  append: string;
  memoryMib: number;
}): MachineSettingsInput {
  const { source, path, memoryMib } = form;
  switch (source) {
    case 'cdrom':
      return { memoryMib, storage: [{ type: 'cdrom', bus: 'ide', path, readOnly: true }] };
    case 'disk':
      return {
        memoryMib,
        storage: [
          { type: 'disk', bus: 'ide', path },
          { type: 'cdrom', bus: 'ide', path: null, readOnly: true },
        ],
      };
    case 'floppy':
      return { memoryMib, storage: [{ type: 'floppy', bus: 'floppy', path }] };
    case 'kernel':
      return {
        memoryMib,
        directBoot: { kernel: path, append: form.append, ...(form.initrd === '' ? {} : { initrd: form.initrd }) },
      };
    case 'none':
      return { memoryMib, storage: [{ type: 'cdrom', bus: 'ide', path: null, readOnly: true }] };
  }
}
