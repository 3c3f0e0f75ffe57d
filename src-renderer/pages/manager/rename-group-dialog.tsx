// Names a group: another name for one, whose rows stay in it, or the first name of a new one. A name that is there joins the two.
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import TextField from '@mui/material/TextField';
import { type ReactElement, useState } from 'react';
import { machineGroup } from '../../../src-main/contract/machine.ts';
import { CopyCommand } from '../../components/copy-command.tsx';
import { useText } from '../../i18n/text.ts';
import { groupPaths, moveToGroup, type RowKey, renameGroup, type TreeNode, toEntries } from './list-model.ts';
import { arrange } from './machine-actions.ts';
import { selectAwaited } from './manager-store.ts';

interface RenameGroupDialogProps {
  path: string;
  /** What goes into a new group; missing when the group is there already. */
  rows?: RowKey[];
  tree: TreeNode[];
  onClose(): void;
}

export function RenameGroupDialog({ path, rows, tree, onClose }: RenameGroupDialogProps): ReactElement {
  const { common, manager } = useText();
  const text = manager.renameGroupDialog;
  const old = path.split('/').at(-1) ?? '';
  const [name, setName] = useState(old);
  const clean = name.trim();
  const isBad = clean === '' || clean.includes('/') || !machineGroup.safeParse(clean).success;
  const sibling = [...path.split('/').slice(0, -1), clean].join('/');
  const isJoin = (rows !== undefined || clean !== old) && groupPaths(tree).includes(sibling);
  const changed = rows ? moveToGroup(tree, rows, clean) : renameGroup(tree, path, clean);
  const rename = (): void => {
    arrange(changed);
    selectAwaited(`g:${sibling}`);
    onClose();
  };
  return (
    <Dialog open onClose={onClose} fullWidth maxWidth="xs">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!isBad) rename();
        }}
      >
        <DialogTitle>{rows ? text.newTitle : text.title}</DialogTitle>
        <DialogContent>
          <TextField
            autoFocus
            fullWidth
            label={text.name}
            value={name}
            sx={{ mt: 1 }}
            error={isBad}
            helperText={isBad ? text.bad : isJoin ? text.joins : ' '}
            onFocus={(event) => event.target.select()}
            onChange={(event) => setName(event.target.value)}
          />
        </DialogContent>
        <DialogActions>
          <CopyCommand method="machine.update" input={isBad || !changed ? null : changedGroups(tree, changed)} />
          <Box sx={{ flex: 1 }} />
          <Button onClick={onClose}>{common.cancel}</Button>
          <Button type="submit" variant="contained" disabled={isBad}>
            {common.ok}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

/** What renaming amounts to for a script: another group for each machine in it. */
function changedGroups(before: TreeNode[], after: TreeNode[]): { id: string; group: string }[] {
  const old = new Map(toEntries(before).map(({ id, group }) => [id, group]));
  return toEntries(after).filter(({ id, group }) => old.get(id) !== group);
}
