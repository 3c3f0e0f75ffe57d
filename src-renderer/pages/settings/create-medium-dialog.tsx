// Makes a hard disk image or an empty floppy, and hands over its path once it is there.
import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import LinearProgress from '@mui/material/LinearProgress';
import { type ReactElement, useState } from 'react';
import { client } from '../../client/client.ts';
import { useHost } from '../../client/store.ts';
import { CopyCommand } from '../../components/copy-command.tsx';
import { SwitchControl } from '../../forms/controls.tsx';
import { Field } from '../../forms/field.tsx';
import { PathControl } from '../../forms/path-control.tsx';
import { SizeControl } from '../../forms/sliders.tsx';
import { useText } from '../../i18n/text.ts';
import { pathProblem } from './problems.ts';

interface CreateMediumDialogProps {
  kind: 'disk' | 'floppy';
  /** A free name in the machine's folder. */
  suggestedPath: string;
  onCreated(path: string): void;
  onClose(): void;
}

const FLOPPY_BYTES = 1_474_560;

export function CreateMediumDialog({ kind, suggestedPath, onCreated, onClose }: CreateMediumDialogProps): ReactElement {
  const { settings: text, common } = useText();
  const [path, setPath] = useState(suggestedPath);
  const [sizeBytes, setSizeBytes] = useState(kind === 'floppy' ? FLOPPY_BYTES : 20 * 2 ** 30);
  const [isPreallocated, setIsPreallocated] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const [failure, setFailure] = useState('');
  const progress = useHost((host) => (isBusy ? host.tasks.find((task) => task.state === 'running')?.progress : null));
  const problem = pathProblem(path, true, text.problems);
  const isSizeRight = sizeBytes >= 512 && sizeBytes <= 2 ** 43;
  const input = { path, sizeBytes, isPreallocated };
  const create = async (): Promise<void> => {
    setIsBusy(true);
    setFailure('');
    try {
      const { taskId } = await client.call('medium.create', input);
      const task = await client.call('task.wait', { id: taskId, timeoutSeconds: 86_400 });
      if (task.state !== 'done') throw new Error(task.message);
      onCreated(path);
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
      setIsBusy(false);
    }
  };
  const title = kind === 'disk' ? text.storage.newDiskTitle : text.storage.newFloppyTitle;
  return (
    <Dialog open onClose={isBusy ? undefined : onClose} fullWidth maxWidth="sm" aria-labelledby="create-medium-title">
      <DialogTitle id="create-medium-title">{title}</DialogTitle>
      <DialogContent>
        <Field label={text.storage.newDiskPath} error={path === '' ? '' : problem}>
          {(ids) => (
            <PathControl
              ids={ids}
              title={text.storage.newDiskPath}
              value={path}
              extensions={['.img']}
              isDisabled={isBusy}
              isInvalid={path !== '' && problem !== ''}
              onChange={setPath}
            />
          )}
        </Field>
        {kind === 'disk' && (
          <>
            <Field label={text.size.label} help={text.size.help} error={isSizeRight ? '' : text.size.invalid}>
              {(ids) => (
                <SizeControl
                  ids={ids}
                  bytes={sizeBytes}
                  isDisabled={isBusy}
                  isInvalid={!isSizeRight}
                  onChange={setSizeBytes}
                />
              )}
            </Field>
            <Field label="" isGroup help={text.preallocateHelp}>
              {(ids) => (
                <SwitchControl
                  ids={ids}
                  title={text.preallocate}
                  isOn={isPreallocated}
                  isDisabled={isBusy}
                  onChange={setIsPreallocated}
                />
              )}
            </Field>
          </>
        )}
        {failure !== '' && <Alert severity="error">{failure}</Alert>}
        {isBusy && (
          <LinearProgress
            aria-label={text.storage.creating}
            {...(typeof progress === 'number' ? { variant: 'determinate' as const, value: progress * 100 } : {})}
          />
        )}
      </DialogContent>
      <DialogActions>
        <CopyCommand method="medium.create" input={problem === '' && isSizeRight ? input : null} />
        <span style={{ flex: 1 }} />
        <Button disabled={isBusy} onClick={onClose}>
          {common.cancel}
        </Button>
        <Button variant="contained" disabled={isBusy || problem !== '' || !isSizeRight} onClick={() => void create()}>
          {text.storage.create}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
