// Filtering the log by terms and by level.
import CloseIcon from '@mui/icons-material/Close';
import Autocomplete from '@mui/material/Autocomplete';
import IconButton from '@mui/material/IconButton';
import MenuItem from '@mui/material/MenuItem';
import TextField from '@mui/material/TextField';
import ToggleButton from '@mui/material/ToggleButton';
import ToggleButtonGroup from '@mui/material/ToggleButtonGroup';
import Typography from '@mui/material/Typography';
import type { ReactElement } from 'react';
import { useText } from '../../i18n/text.ts';
import { Strip } from './find-bar.tsx';
import type { LogFilter, LogLevel } from './log-model.ts';

const levelChoices: Record<'all' | 'warnings' | 'errors', readonly LogLevel[] | null> = {
  all: null,
  warnings: ['warn', 'error'],
  errors: ['error'],
};
type LevelChoice = keyof typeof levelChoices;

interface FilterBarProps {
  filter: LogFilter;
  shownCount: number;
  totalCount: number;
  onFilter(filter: LogFilter): void;
  onClose(): void;
}

export function FilterBar({ filter, shownCount, totalCount, onFilter, onClose }: FilterBarProps): ReactElement {
  const { common, panes } = useText();
  const text = panes.logs;
  const choice = (Object.keys(levelChoices) as LevelChoice[]).find((name) => levelChoices[name] === filter.levels);
  return (
    <Strip
      label={text.filter}
      onKey={(key) => {
        if (key === 'Escape') onClose();
        return key === 'Escape';
      }}
    >
      <Autocomplete
        multiple
        freeSolo
        options={[]}
        value={filter.terms}
        onChange={(_event, terms) => onFilter({ ...filter, terms: terms.map((term) => term.trim()).filter(Boolean) })}
        slotProps={{ chip: { size: 'small' } }}
        renderInput={(params) => (
          <TextField
            {...params}
            autoFocus
            label={text.filterTerms}
            placeholder={filter.terms.length === 0 ? text.filterHint : ''}
          />
        )}
        sx={{ flex: 1, minWidth: 220 }}
      />
      <ToggleButtonGroup
        exclusive
        size="small"
        aria-label={text.filterMode}
        value={filter.needsAll ? 'all' : 'any'}
        onChange={(_event, mode: 'all' | 'any' | null) => mode && onFilter({ ...filter, needsAll: mode === 'all' })}
        sx={{ height: 40 }}
      >
        <ToggleButton value="any">{text.anyTerm}</ToggleButton>
        <ToggleButton value="all">{text.allTerms}</ToggleButton>
      </ToggleButtonGroup>
      <TextField
        select
        label={text.level}
        value={choice ?? 'all'}
        onChange={(event) => onFilter({ ...filter, levels: levelChoices[event.target.value as LevelChoice] })}
        sx={{ minWidth: 180 }}
      >
        {(Object.keys(levelChoices) as LevelChoice[]).map((name) => (
          <MenuItem key={name} value={name}>
            {text.levels[name]}
          </MenuItem>
        ))}
      </TextField>
      <Typography variant="body2" color="textSecondary" role="status" noWrap>
        {text.linesShown(shownCount, totalCount)}
      </Typography>
      <IconButton aria-label={common.close} onClick={onClose}>
        <CloseIcon fontSize="small" />
      </IconButton>
    </Strip>
  );
}
