// Preferences: pages at the left, OK and Cancel below. Nothing is changed before OK.
import ErrorOutlineIcon from '@mui/icons-material/ErrorOutlineOutlined';
import SearchIcon from '@mui/icons-material/Search';
import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogTitle from '@mui/material/DialogTitle';
import InputAdornment from '@mui/material/InputAdornment';
import LinearProgress from '@mui/material/LinearProgress';
import List from '@mui/material/List';
import ListItemButton from '@mui/material/ListItemButton';
import ListItemIcon from '@mui/material/ListItemIcon';
import ListItemText from '@mui/material/ListItemText';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import { type ReactElement, useId, useState } from 'react';
import { client } from '../../client/client.ts';
import { useHost } from '../../client/store.ts';
import { CopyCommand } from '../../components/copy-command.tsx';
import { useText } from '../../i18n/text.ts';
import { type Change, differing, problems } from './change.ts';
import { type PageId, pageIds, pages, searchedWords } from './pages.tsx';

interface PreferencesDialogProps {
  /** The page in front at first. */
  page?: PageId;
  onClose(): void;
}

export function PreferencesDialog({ page: first = 'general', onClose }: PreferencesDialogProps): ReactElement {
  const { common, preferences: text } = useText();
  const stored = useHost((host) => host.preferences);
  const [change, setChange] = useState<Change>({});
  const [page, setPage] = useState<PageId>(first);
  const [searched, setSearched] = useState('');
  const [failure, setFailure] = useState('');
  const heading = useId();
  const found = pageIds.filter((id) => matches(searchedWords(id, text), searched));
  const shown = found.includes(page) ? page : (found[0] ?? null);
  const wrong = problems(change, text);
  const changed = stored ? differing(change, stored) : {};
  const { Page } = shown ? pages[shown] : { Page: null };

  const apply = async (): Promise<void> => {
    try {
      if (Object.keys(changed).length > 0) await client.call('preferences.set', { change: changed });
      onClose();
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <Dialog
      open
      onClose={onClose}
      fullWidth
      maxWidth="md"
      aria-labelledby={heading}
      slotProps={{ paper: { sx: { height: 'min(41rem, calc(100% - 64px))' } } }}
    >
      <DialogTitle id={heading}>{text.title}</DialogTitle>
      <Box sx={{ display: 'flex', flex: 1, minHeight: 0, borderTop: 1, borderBottom: 1, borderColor: 'divider' }}>
        <Box
          component="nav"
          aria-label={text.pagesLabel}
          sx={{
            width: { xs: 150, sm: 220 },
            flexShrink: 0,
            overflow: 'auto',
            borderRight: 1,
            borderColor: 'divider',
            bgcolor: 'background.default',
          }}
        >
          <TextField
            fullWidth
            type="search"
            placeholder={text.search}
            value={searched}
            onChange={(event) => setSearched(event.target.value)}
            slotProps={{
              htmlInput: { 'aria-label': text.search },
              input: {
                startAdornment: (
                  <InputAdornment position="start">
                    <SearchIcon fontSize="small" />
                  </InputAdornment>
                ),
              },
            }}
            sx={{ p: 1.5, pb: 0.5 }}
          />
          <List dense component="div">
            {found.map((id) => (
              <ListItemButton
                key={id}
                selected={id === shown}
                aria-current={id === shown ? 'page' : undefined}
                onClick={() => setPage(id)}
              >
                <ListItemIcon sx={{ minWidth: 34, display: { xs: 'none', sm: 'flex' } }}>{pages[id].icon}</ListItemIcon>
                <ListItemText primary={text.pages[id]} />
                {wrong[id] && <ErrorOutlineIcon color="error" fontSize="small" titleAccess={wrong[id]} />}
              </ListItemButton>
            ))}
          </List>
          {found.length === 0 && (
            <Typography variant="body2" color="textSecondary" sx={{ px: 2 }}>
              {text.nothingFound}
            </Typography>
          )}
        </Box>
        <Box
          component="section"
          aria-label={shown ? text.pages[shown] : text.title}
          tabIndex={0}
          sx={{ flex: 1, minWidth: 0, overflow: 'auto', p: { xs: 2, sm: 3 }, outlineOffset: -2 }}
        >
          {!stored && <LinearProgress aria-label={text.loading} />}
          {stored && shown && Page && (
            <>
              <Typography variant="h6" component="h3" sx={{ mb: 2 }}>
                {text.pages[shown]}
              </Typography>
              <Page
                values={{ ...stored, ...change }}
                problem={wrong[shown] ?? ''}
                onChange={(part) => setChange({ ...change, ...part })}
              />
            </>
          )}
        </Box>
      </Box>
      {failure !== '' && (
        <Alert severity="error" onClose={() => setFailure('')}>
          {failure}
        </Alert>
      )}
      <DialogActions sx={{ pt: 2 }}>
        <CopyCommand method="preferences.set" input={Object.keys(changed).length > 0 ? { change: changed } : null} />
        <Box sx={{ flex: 1 }} />
        <Button onClick={onClose}>{common.cancel}</Button>
        <Button
          variant="contained"
          disabled={!stored || Object.keys(wrong).length > 0}
          onClick={() => void apply()}
          sx={{ minWidth: 88 }}
        >
          {common.ok}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

function matches(words: string[], searched: string): boolean {
  const wanted = searched.trim().toLowerCase().split(/\s+/);
  const text = words.join(' ').toLowerCase();
  return wanted.every((word) => text.includes(word));
}
