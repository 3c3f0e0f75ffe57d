// The left side of the dialog: depth, search, and the pages that have what is searched for.
import ClearIcon from '@mui/icons-material/Clear';
import ErrorIcon from '@mui/icons-material/ErrorOutlined';
import SearchIcon from '@mui/icons-material/Search';
import Box from '@mui/material/Box';
import IconButton from '@mui/material/IconButton';
import InputAdornment from '@mui/material/InputAdornment';
import List from '@mui/material/List';
import ListItemButton from '@mui/material/ListItemButton';
import ListItemIcon from '@mui/material/ListItemIcon';
import ListItemText from '@mui/material/ListItemText';
import TextField from '@mui/material/TextField';
import ToggleButton from '@mui/material/ToggleButton';
import ToggleButtonGroup from '@mui/material/ToggleButtonGroup';
import type { ReactElement } from 'react';
import { useText } from '../../i18n/text.ts';
import { pageIcons } from './page-icons.tsx';
import { pageOf, type SettingsPage } from './pages.ts';
import type { Problem } from './problems.ts';

interface PageListProps {
  pages: readonly SettingsPage[];
  page: SettingsPage | undefined;
  problems: readonly Problem[];
  query: string;
  isExpert: boolean;
  onQuery(query: string): void;
  onDepth(isExpert: boolean): void;
  onPage(page: SettingsPage): void;
}

export function PageList(props: PageListProps): ReactElement {
  const { pages, page, problems, query, isExpert, onQuery, onDepth, onPage } = props;
  const { settings: text } = useText();
  const faulty = new Set(problems.map(({ field }) => pageOf(field)));
  return (
    <Box
      sx={{
        width: { xs: 180, sm: 230 },
        flexShrink: 0,
        borderRight: 1,
        borderColor: 'divider',
        display: 'flex',
        flexDirection: 'column',
        p: 1.5,
        gap: 1.25,
      }}
    >
      <ToggleButtonGroup
        exclusive
        fullWidth
        size="small"
        aria-label={text.depth}
        value={isExpert}
        onChange={(_event, chosen: boolean | null) => chosen !== null && onDepth(chosen)}
      >
        <ToggleButton value={false} sx={{ py: 0.4 }}>
          {text.basic}
        </ToggleButton>
        <ToggleButton value sx={{ py: 0.4 }}>
          {text.expert}
        </ToggleButton>
      </ToggleButtonGroup>
      <TextField
        fullWidth
        placeholder={text.search}
        value={query}
        onChange={(event) => onQuery(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || query === '') return;
          event.stopPropagation();
          onQuery('');
        }}
        slotProps={{
          htmlInput: { 'aria-label': text.search, type: 'search', autoComplete: 'off' },
          input: {
            startAdornment: (
              <InputAdornment position="start">
                <SearchIcon fontSize="small" />
              </InputAdornment>
            ),
            endAdornment: query !== '' && (
              <InputAdornment position="end">
                <IconButton size="small" edge="end" aria-label={text.clearSearch} onClick={() => onQuery('')}>
                  <ClearIcon fontSize="small" />
                </IconButton>
              </InputAdornment>
            ),
          },
        }}
        sx={{ '& input::-webkit-search-cancel-button': { display: 'none' } }}
      />
      <List component="nav" dense disablePadding aria-label={text.pagesLabel} sx={{ overflow: 'auto', flex: 1 }}>
        {pages.map((one) => (
          <ListItemButton
            key={one}
            selected={one === page}
            aria-current={one === page ? 'page' : undefined}
            onClick={() => onPage(one)}
            sx={{ borderRadius: 1 }}
          >
            <ListItemIcon sx={{ minWidth: 34, color: one === page ? 'primary.main' : undefined }}>
              {pageIcons[one]}
            </ListItemIcon>
            <ListItemText primary={text.pages[one]} />
            {faulty.has(one) && <ErrorIcon color="error" fontSize="small" />}
          </ListItemButton>
        ))}
      </List>
    </Box>
  );
}
