// Remove: lists the very files that would go and those that stay, and asks which of both it shall be.
import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogContentText from '@mui/material/DialogContentText';
import DialogTitle from '@mui/material/DialogTitle';
import LinearProgress from '@mui/material/LinearProgress';
import Typography from '@mui/material/Typography';
import { type ReactElement, useEffect, useState } from 'react';
import type { MachineSummary, MethodOutput } from '../../../src-main/contract/methods.ts';
import { client } from '../../client/client.ts';
import { attempt } from '../../client/store.ts';
import { CopyCommand } from '../../components/copy-command.tsx';
import { formatBytes } from '../../components/file-chooser.tsx';
import { useText } from '../../i18n/text.ts';

type Files = MethodOutput<'machine.files'>['files'];

export function RemoveDialog({ machines, onClose }: { machines: MachineSummary[]; onClose(): void }): ReactElement {
  const { common, manager } = useText();
  const text = manager.removeDialog;
  const { files, problem } = useFiles(machines);
  const owned = files?.filter(({ isOwned }) => isOwned) ?? [];
  const kept = files?.filter(({ isOwned }) => !isOwned) ?? [];
  const [first] = machines;
  const remove = (keepFiles: boolean): void => {
    onClose();
    for (const { id } of machines) void attempt(() => client.call('machine.remove', { id, keepFiles }));
  };
  return (
    <Dialog open onClose={onClose} fullWidth maxWidth="sm">
      <DialogTitle sx={{ overflowWrap: 'anywhere' }}>
        {machines.length === 1 && first ? text.one(first.name) : text.many(machines.length)}
      </DialogTitle>
      <DialogContent>
        <DialogContentText>{text.text}</DialogContentText>
        {!files && problem === '' && <LinearProgress sx={{ mt: 2 }} />}
        {problem !== '' && (
          <Alert severity="error" sx={{ mt: 2 }}>
            {problem}
          </Alert>
        )}
        {owned.length > 0 && <FileList title={text.deleted} files={owned} />}
        {kept.length > 0 && <FileList title={text.kept} files={kept} />}
      </DialogContent>
      <DialogActions sx={{ flexWrap: 'wrap', rowGap: 1 }}>
        <CopyCommand method="machine.remove" input={machines.map(({ id }) => ({ id }))} />
        <Box sx={{ flex: 1 }} />
        <Button autoFocus onClick={onClose}>
          {common.cancel}
        </Button>
        <Button variant="outlined" onClick={() => remove(true)}>
          {text.removeOnly}
        </Button>
        <Button variant="contained" color="error" onClick={() => remove(false)}>
          {text.deleteAll}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

function FileList({ title, files }: { title: string; files: Files }): ReactElement {
  const { manager } = useText();
  return (
    <>
      <Typography variant="subtitle2" component="h3" sx={{ mt: 2 }}>
        {title}
      </Typography>
      <Box
        component="ul"
        tabIndex={0}
        aria-label={title}
        sx={{
          m: 0,
          mt: 0.5,
          p: 1,
          maxHeight: 160,
          overflow: 'auto',
          listStyle: 'none',
          border: 1,
          borderColor: 'divider',
          borderRadius: 1,
        }}
      >
        {files.map(({ path, sizeBytes, usedBy }) => (
          <Box component="li" key={path} sx={{ display: 'flex', gap: 2, typography: 'body2' }}>
            <Box sx={{ flex: 1, overflowWrap: 'anywhere' }}>
              {path}
              {usedBy.length > 0 && (
                <Typography variant="caption" color="warning.main" component="div">
                  {manager.removeDialog.usedBy(usedBy.join(', '))}
                </Typography>
              )}
            </Box>
            <Box sx={{ color: 'text.secondary', whiteSpace: 'nowrap' }}>{formatBytes(sizeBytes)}</Box>
          </Box>
        ))}
      </Box>
    </>
  );
}

function useFiles(machines: readonly MachineSummary[]): { files: Files | null; problem: string } {
  const [found, setFound] = useState<{ files: Files | null; problem: string }>({ files: null, problem: '' });
  const ids = machines.map(({ id }) => id).join(' ');
  useEffect(() => {
    let isCurrent = true;
    const ask = ids.split(' ').map((id) => client.call('machine.files', { id }));
    Promise.all(ask).then(
      (lists) => {
        const files = new Map(lists.flatMap((list) => list.files).map((file) => [file.path, file]));
        if (isCurrent) setFound({ files: [...files.values()], problem: '' });
      },
      (error: unknown) =>
        isCurrent && setFound({ files: null, problem: error instanceof Error ? error.message : String(error) }),
    );
    return () => {
      isCurrent = false;
    };
  }, [ids]);
  return found;
}
