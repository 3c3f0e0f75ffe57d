// The questions of the media manager: create, copy, move, remove, release.
import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Checkbox from '@mui/material/Checkbox';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogContentText from '@mui/material/DialogContentText';
import DialogTitle from '@mui/material/DialogTitle';
import FormControlLabel from '@mui/material/FormControlLabel';
import FormHelperText from '@mui/material/FormHelperText';
import MenuItem from '@mui/material/MenuItem';
import Radio from '@mui/material/Radio';
import RadioGroup from '@mui/material/RadioGroup';
import Stack from '@mui/material/Stack';
import TextField from '@mui/material/TextField';
import { type ReactElement, type ReactNode, useId, useState } from 'react';
import type { MediumSummary } from '../../../src-main/contract/methods/medium.ts';
import type { MethodInput, MethodName } from '../../../src-main/contract/methods.ts';
import { client } from '../../client/client.ts';
import { CopyCommand } from '../../components/copy-command.tsx';
import { useText } from '../../i18n/text.ts';
import { fileName } from './paths.ts';
import { DiskSizeField, FLOPPY_SIZES, sizeProblem } from './size-field.tsx';
import { TargetField, targetProblem } from './target-field.tsx';

interface MediumDialogProps<Name extends MethodName> {
  title: string;
  verb: string;
  isDangerous?: boolean;
  method: Name;
  /** Null while it is not filled in. */
  input: MethodInput<Name> | null;
  children: ReactNode;
  onClose(): void;
  /** Gets what the method gave. */
  onDone(result: unknown): void;
}

/** A dialog that makes one call, stays open when it fails, and says why. */
function MediumDialog<Name extends MethodName>(props: MediumDialogProps<Name>): ReactElement {
  const { title, verb, isDangerous, method, input, children, onClose, onDone } = props;
  const { common } = useText();
  const [failure, setFailure] = useState('');
  const [isBusy, setIsBusy] = useState(false);
  const heading = useId();
  const submit = async (): Promise<void> => {
    if (!input) return;
    setIsBusy(true);
    try {
      onDone(await client.call(method, input));
      onClose();
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
      setIsBusy(false);
    }
  };
  return (
    <Dialog open onClose={onClose} fullWidth maxWidth="sm" aria-labelledby={heading}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <DialogTitle id={heading} sx={{ overflowWrap: 'anywhere' }}>
          {title}
        </DialogTitle>
        <DialogContent>
          <Stack spacing={1.5} sx={{ pt: 1 }}>
            {children}
            {failure !== '' && <Alert severity="error">{failure}</Alert>}
          </Stack>
        </DialogContent>
        <DialogActions>
          <CopyCommand method={method} input={input} />
          <Box sx={{ flex: 1 }} />
          <Button onClick={onClose}>{common.cancel}</Button>
          <Button
            type="submit"
            variant="contained"
            color={isDangerous ? 'error' : 'primary'}
            disabled={!input || isBusy}
          >
            {verb}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

interface BegunProps {
  onClose(): void;
  onBegun(taskId: string): void;
}
const begun =
  (onBegun: (taskId: string) => void) =>
  (result: unknown): void =>
    onBegun((result as { taskId: string }).taskId);

export function CreateDialog({
  kind,
  proposal,
  onClose,
  onBegun,
}: BegunProps & { kind: 'disk' | 'floppy'; proposal: string }): ReactElement {
  const { panes } = useText();
  const text = panes.media;
  const [path, setPath] = useState(proposal);
  const [sizeBytes, setSizeBytes] = useState(kind === 'floppy' ? FLOPPY_SIZES[3] : 8 * 2 ** 30);
  const [isPreallocated, setIsPreallocated] = useState(false);
  const isValid = targetProblem(path, text) === '' && (kind === 'floppy' || !sizeProblem(sizeBytes, text));
  return (
    <MediumDialog
      title={kind === 'disk' ? text.createDisk : text.createFloppy}
      verb={text.createVerb}
      method="medium.create"
      input={isValid ? { path, sizeBytes, isPreallocated } : null}
      onClose={onClose}
      onDone={begun(onBegun)}
    >
      <TargetField label={text.newFile} value={path} onChange={setPath} />
      <TextField select label={text.format} value="raw" helperText={text.formatHelp} onChange={() => {}}>
        <MenuItem value="raw">{text.raw}</MenuItem>
        {text.laterFormats.map((format) => (
          <MenuItem key={format} value={format} disabled>
            {text.later(format)}
          </MenuItem>
        ))}
      </TextField>
      {kind === 'floppy' ? (
        <TextField
          select
          label={text.size}
          value={sizeBytes}
          onChange={(event) => setSizeBytes(Number(event.target.value))}
        >
          {FLOPPY_SIZES.map((size, index) => (
            <MenuItem key={size} value={size}>
              {text.floppySizes[index]}
            </MenuItem>
          ))}
        </TextField>
      ) : (
        <DiskSizeField value={sizeBytes} onChange={setSizeBytes} />
      )}
      {kind === 'disk' && (
        <Box>
          <FormControlLabel
            control={<Checkbox checked={isPreallocated} onChange={(_event, checked) => setIsPreallocated(checked)} />}
            label={text.preallocate}
          />
          <FormHelperText sx={{ ml: 4, mt: -0.5 }}>{text.preallocateHelp}</FormHelperText>
        </Box>
      )}
    </MediumDialog>
  );
}

export function CopyOrMoveDialog({
  verb,
  medium,
  proposal,
  onClose,
  onBegun,
}: BegunProps & { verb: 'copy' | 'move'; medium: MediumSummary; proposal: string }): ReactElement {
  const { panes } = useText();
  const text = panes.media;
  const [target, setTarget] = useState(proposal);
  const isValid = targetProblem(target, text) === '' && target !== medium.path;
  return (
    <MediumDialog
      title={verb === 'copy' ? text.copyTitle(fileName(medium.path)) : text.moveTitle(fileName(medium.path))}
      verb={verb === 'copy' ? text.copyVerb : text.moveVerb}
      method={`medium.${verb}`}
      input={isValid ? { path: medium.path, target } : null}
      onClose={onClose}
      onDone={begun(onBegun)}
    >
      <DialogContentText>{verb === 'copy' ? text.copyHelp : text.moveHelp}</DialogContentText>
      <TargetField label={text.newFile} value={target} onChange={setTarget} />
    </MediumDialog>
  );
}

interface DoneProps {
  medium: MediumSummary;
  onClose(): void;
  onDone(): void;
}

export function RemoveDialog({ medium, onClose, onDone }: DoneProps): ReactElement {
  const { panes } = useText();
  const text = panes.media;
  const [deleteFile, setDeleteFile] = useState(false);
  return (
    <MediumDialog
      title={text.removeTitle(fileName(medium.path))}
      verb={deleteFile ? text.deleteVerb : text.removeVerb}
      isDangerous={deleteFile}
      method="medium.remove"
      input={{ path: medium.path, deleteFile }}
      onClose={onClose}
      onDone={onDone}
    >
      <RadioGroup
        aria-label={text.removeTitle(fileName(medium.path))}
        value={deleteFile ? 'delete' : 'keep'}
        onChange={(_event, chosen) => setDeleteFile(chosen === 'delete')}
      >
        <FormControlLabel value="keep" control={<Radio />} label={text.keepFile} />
        <FormHelperText sx={{ ml: 4, mt: -0.5 }}>{text.keepFileHelp}</FormHelperText>
        <FormControlLabel value="delete" disabled={medium.problem !== ''} control={<Radio />} label={text.deleteFile} />
        <FormHelperText sx={{ ml: 4, mt: -0.5, overflowWrap: 'anywhere' }}>{medium.path}</FormHelperText>
      </RadioGroup>
    </MediumDialog>
  );
}

export function ReleaseDialog({ medium, onClose, onDone }: DoneProps): ReactElement {
  const { panes } = useText();
  const text = panes.media;
  return (
    <MediumDialog
      title={text.releaseTitle(fileName(medium.path))}
      verb={text.releaseVerb}
      method="medium.release"
      input={{ path: medium.path }}
      onClose={onClose}
      onDone={onDone}
    >
      <DialogContentText>{text.releaseHelp(medium.usedBy.map(({ name }) => `“${name}”`).join(', '))}</DialogContentText>
    </MediumDialog>
  );
}
