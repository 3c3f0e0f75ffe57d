// Nothing is selected: how to get a first machine, or what the list at the left is for.
import AddIcon from '@mui/icons-material/AddCircleOutlined';
import OpenIcon from '@mui/icons-material/FolderOpenOutlined';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import type { ReactElement } from 'react';
import { useHost } from '../../client/store.ts';
import { useText } from '../../i18n/text.ts';
import { openNew } from './machine-actions.ts';
import { openDialog } from './manager-store.ts';

export function Welcome(): ReactElement | null {
  const { manager } = useText();
  const text = manager.welcome;
  const isLoaded = useHost((host) => host.isLoaded);
  const isEmpty = useHost((host) => host.machines.length === 0);
  if (!isLoaded) return null;
  return (
    <Stack
      spacing={2}
      sx={{ alignItems: 'center', justifyContent: 'center', flex: 1, minHeight: 0, p: 3, textAlign: 'center' }}
    >
      <Box component="img" src="./icon.svg" alt="" sx={{ width: 88, height: 88 }} />
      <Typography variant="h5" component="h1">
        {isEmpty ? text.title : text.titleSome}
      </Typography>
      <Typography color="text.secondary" sx={{ maxWidth: 440 }}>
        {isEmpty ? text.text : text.textSome}
      </Typography>
      <Stack direction="row" spacing={1.5} sx={{ flexWrap: 'wrap', justifyContent: 'center' }}>
        <Button variant="contained" size="large" startIcon={<AddIcon />} onClick={() => openNew()}>
          {text.new}
        </Button>
        <Button
          variant="outlined"
          size="large"
          startIcon={<OpenIcon />}
          onClick={() => openDialog({ kind: 'add', path: '' })}
        >
          {text.add}
        </Button>
      </Stack>
      <Typography variant="body2" color="text.secondary">
        {text.drop}
      </Typography>
    </Stack>
  );
}
