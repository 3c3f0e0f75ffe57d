// Actions and their keys: filter, press keys to assign, see conflicts, go back to the defaults.
import ClearIcon from '@mui/icons-material/Clear';
import RestoreIcon from '@mui/icons-material/Restore';
import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import IconButton from '@mui/material/IconButton';
import Stack from '@mui/material/Stack';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import TextField from '@mui/material/TextField';
import Tooltip from '@mui/material/Tooltip';
import { Fragment, type ReactElement, useState } from 'react';
import { useText } from '../../i18n/text.ts';
import { chordOf } from '../../shortcuts/chord.ts';
import { KeyCapture } from './key-capture.tsx';
import { assign, type Changed, chordInForce, type Defaults, holderOf } from './shortcuts.ts';

interface ShortcutTableProps {
  titles: Readonly<Record<string, string>>;
  defaults: Defaults;
  changed: Changed;
  /** Written before each chord: the Host key's. */
  prefix: string;
  onChange(changed: Changed): void;
}

export function ShortcutTable({ titles, defaults, changed, prefix, onChange }: ShortcutTableProps): ReactElement {
  const { preferences } = useText();
  const text = preferences.input;
  const [filter, setFilter] = useState('');
  const [conflict, setConflict] = useState<{ action: string; chord: string; holder: string } | null>(null);
  const shown = Object.keys(defaults).filter((action) =>
    `${titles[action]} ${prefix}${chordInForce(action, defaults, changed)}`
      .toLowerCase()
      .includes(filter.trim().toLowerCase()),
  );
  const press = (action: string, chord: string): void => {
    const holder = holderOf(chord, action, defaults, changed);
    setConflict(holder === null ? null : { action, chord, holder });
    if (holder === null) onChange(assign(chord, action, defaults, changed));
  };
  return (
    <>
      <Stack direction="row" spacing={1} sx={{ mb: 1 }}>
        <TextField
          type="search"
          label={text.filter}
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
          sx={{ flex: 1 }}
        />
        <Button
          startIcon={<RestoreIcon />}
          disabled={Object.keys(changed).length === 0}
          onClick={() => {
            setConflict(null);
            onChange({});
          }}
        >
          {text.resetAll}
        </Button>
      </Stack>
      <Table size="small" aria-label={text.table}>
        <TableHead>
          <TableRow>
            <TableCell>{text.action}</TableCell>
            <TableCell sx={{ width: 220 }}>{text.keys}</TableCell>
            <TableCell component="td" sx={{ width: 84, p: 0 }} />
          </TableRow>
        </TableHead>
        <TableBody>
          {shown.map((action) => {
            const chord = chordInForce(action, defaults, changed);
            return (
              <Fragment key={action}>
                <TableRow hover>
                  <TableCell component="th" scope="row" sx={{ fontWeight: action in changed ? 500 : 400 }}>
                    {titles[action]}
                  </TableCell>
                  <TableCell sx={{ py: 0.25 }}>
                    <KeyCapture
                      label={text.keysOf(titles[action] ?? action)}
                      value={chord === '' ? '' : `${prefix}${chord}`}
                      emptyText={text.noKeys}
                      read={(event) => chordOf(event)}
                      onKey={(pressed) => press(action, pressed)}
                    />
                  </TableCell>
                  <TableCell sx={{ p: 0, whiteSpace: 'nowrap' }} align="right">
                    {chord !== '' && (
                      <Tooltip title={text.clear}>
                        <IconButton
                          size="small"
                          aria-label={`${text.clear}: ${titles[action]}`}
                          onClick={() => press(action, '')}
                        >
                          <ClearIcon fontSize="small" />
                        </IconButton>
                      </Tooltip>
                    )}
                    {action in changed && (
                      <Tooltip title={text.resetTo(defaults[action] ?? text.noKeys)}>
                        <IconButton
                          size="small"
                          aria-label={`${text.reset}: ${titles[action]}`}
                          onClick={() => press(action, defaults[action] ?? '')}
                        >
                          <RestoreIcon fontSize="small" />
                        </IconButton>
                      </Tooltip>
                    )}
                  </TableCell>
                </TableRow>
                {conflict?.action === action && (
                  <TableRow>
                    <TableCell colSpan={3}>
                      <Alert
                        severity="warning"
                        action={
                          <>
                            <Button color="inherit" size="small" onClick={() => setConflict(null)}>
                              {text.keepIt}
                            </Button>
                            <Button
                              color="inherit"
                              size="small"
                              onClick={() => {
                                onChange(assign(conflict.chord, action, defaults, changed));
                                setConflict(null);
                              }}
                            >
                              {text.takeIt}
                            </Button>
                          </>
                        }
                      >
                        {text.conflict(`${prefix}${conflict.chord}`, titles[conflict.holder] ?? conflict.holder)}
                      </Alert>
                    </TableCell>
                  </TableRow>
                )}
              </Fragment>
            );
          })}
        </TableBody>
      </Table>
    </>
  );
}
