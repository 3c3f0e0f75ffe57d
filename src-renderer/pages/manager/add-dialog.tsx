// Add: a machine that exists already, by its folder or its machine.json.
import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogContentText from '@mui/material/DialogContentText';
import DialogTitle from '@mui/material/DialogTitle';
import TextField from '@mui/material/TextField';
import { type FormEvent, type ReactElement, useState } from 'react';
import { client } from '../../client/client.ts';
import { CopyCommand } from '../../components/copy-command.tsx';
import { FileChooser } from '../../components/file-chooser.tsx';
import { useText } from '../../i18n/text.ts';
import { machineKey } from './list-model.ts';
import { selectAwaited } from './manager-store.ts';

export function AddDialog({ path: given, onClose }: { path: string; onClose(): void }): ReactElement {
  const { common, manager } = useText();
  const text = manager.addDialog;
  const [path, setPath] = useState(given);
  const [problem, setProblem] = useState('');
  const [isChoosing, setIsChoosing] = useState(given === '');
  const add = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    try {
      const { id } = await client.call('machine.register', { path });
      selectAwaited(machineKey(id));
      onClose();
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <Dialog open onClose={onClose} fullWidth maxWidth="sm">
      <form onSubmit={(event) => void add(event)}>
        <DialogTitle>{text.title}</DialogTitle>
        <DialogContent>
          <DialogContentText>{text.text}</DialogContentText>
          <Box sx={{ display: 'flex', gap: 1, mt: 2 }}>
            <TextField
              fullWidth
              autoFocus
              label={text.path}
              value={path}
              onChange={(event) => {
                setPath(event.target.value);
                setProblem('');
              }}
            />
            <Button variant="outlined" onClick={() => setIsChoosing(true)}>
              {common.browse}
            </Button>
          </Box>
          {problem !== '' && (
            <Alert severity="error" sx={{ mt: 2 }}>
              {problem}
            </Alert>
          )}
        </DialogContent>
        <DialogActions>
          <CopyCommand method="machine.register" input={path === '' ? null : { path }} />
          <Box sx={{ flex: 1 }} />
          <Button onClick={onClose}>{common.cancel}</Button>
          <Button type="submit" variant="contained" disabled={path === ''}>
            {common.add}
          </Button>
        </DialogActions>
      </form>
      <FileChooser
        isOpen={isChoosing}
        title={text.path}
        kind="either"
        extensions={['machine.json']}
        onClose={() => setIsChoosing(false)}
        onChoose={(chosen) => {
          setIsChoosing(false);
          setPath(chosen);
          setProblem('');
        }}
      />
    </Dialog>
  );
}
