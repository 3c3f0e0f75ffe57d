// A machine’s logs: followed live, found in, filtered, bookmarked, saved.
import BookmarkBorderIcon from '@mui/icons-material/BookmarkBorder';
import BookmarksIcon from '@mui/icons-material/BookmarksOutlined';
import FilterListIcon from '@mui/icons-material/FilterList';
import RefreshIcon from '@mui/icons-material/Refresh';
import SaveAltIcon from '@mui/icons-material/SaveAlt';
import SearchIcon from '@mui/icons-material/Search';
import TuneIcon from '@mui/icons-material/Tune';
import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import FormControlLabel from '@mui/material/FormControlLabel';
import LinearProgress from '@mui/material/LinearProgress';
import Switch from '@mui/material/Switch';
import Tab from '@mui/material/Tab';
import Tabs from '@mui/material/Tabs';
import Typography from '@mui/material/Typography';
import { type ReactElement, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import type { MachineSummary } from '../../../src-main/contract/methods.ts';
import { download } from '../../components/download.ts';
import { Pane, type PaneAction } from '../../components/pane.tsx';
import { useRemembered } from '../../components/remembered.ts';
import { useText } from '../../i18n/text.ts';
import { formatSize } from '../activity/quantities.ts';
import { type Bookmark, BookmarkList, useBookmarks } from './bookmarks.tsx';
import { FilterBar } from './filter-bar.tsx';
import { FindBar } from './find-bar.tsx';
import { EVERYTHING, filterLines, findMatches, type LogFilter, type Search } from './log-model.ts';
import { type LogLook, LogView } from './log-view.tsx';
import { DEFAULT_LOOK, isLogLook, LookBar } from './look-bar.tsx';
import { type Log, useLog } from './use-log.ts';

const NOTHING: Search = { text: '', isCaseSensitive: false };

export function LogsPane({ machine }: { machine: MachineSummary }): ReactElement {
  const { panes } = useText();
  const text = panes.logs;
  const log = useLog(machine.id, machine.state);
  const [look, setLook] = useRemembered<LogLook>('logs.look', DEFAULT_LOOK, isLogLook);
  const [bars, setBars] = useState({ find: false, filter: false, bookmarks: false, look: false });
  const [filter, setFilter] = useState<LogFilter>(EVERYTHING);
  const [search, setSearch] = useState<Search>(NOTHING);
  const [matchIndex, setMatchIndex] = useState(0);
  const [current, setCurrent] = useState<number | null>(null);
  const [isFollowing, setIsFollowing] = useState(true);
  const [bookmarks, toggleBookmark] = useBookmarks(machine.id);
  const findField = useRef<HTMLInputElement>(null);

  const all = log.lines ?? [];
  const usedFilter = bars.filter ? filter : EVERYTHING;
  // biome-ignore lint/correctness/useExhaustiveDependencies: all is log.lines
  const lines = useMemo(() => filterLines(all, usedFilter), [log.lines, usedFilter]);
  const usedSearch = useDeferredValue(bars.find ? search : NOTHING);
  const matches = useMemo(() => findMatches(lines, usedSearch), [lines, usedSearch]);
  const index = Math.min(matchIndex, Math.max(matches.length - 1, 0));
  const marked = useMemo(() => new Set(bookmarks.map((bookmark) => bookmark.text)), [bookmarks]);
  const currentLine = all.find((line) => line.number === current);

  const jump = useJump(log, setCurrent, setIsFollowing);
  const show = (bar: keyof typeof bars, isShown = !bars[bar]): void => setBars({ ...bars, [bar]: isShown });
  const step = (by: 1 | -1): void => {
    setIsFollowing(false);
    if (matches.length > 0) setMatchIndex((index + by + matches.length) % matches.length);
  };
  const openFind = (): void => {
    setIsFollowing(false);
    show('find', true);
    findField.current?.select();
  };

  const isEmpty = all.length === 0;
  const refusal = isEmpty ? text.noLog : undefined;
  const actions: (PaneAction | null)[] = [
    {
      title: text.save,
      icon: <SaveAltIcon />,
      keys: ['Ctrl+Shift+S'],
      refusal,
      run: () =>
        download(
          `${machine.name}-${log.name ?? 'machine.log'}`,
          'text/plain',
          all.map((line) => `${line.text}\n`).join(''),
        ),
    },
    null,
    { title: text.find, icon: <SearchIcon />, keys: ['Ctrl+Shift+F'], isPressed: bars.find, run: openFind },
    {
      title: text.filter,
      icon: <FilterListIcon />,
      keys: ['Ctrl+Shift+T'],
      isPressed: bars.filter,
      run: () => show('filter'),
    },
    null,
    {
      title: text.bookmark,
      icon: <BookmarkBorderIcon />,
      keys: ['Ctrl+Shift+D'],
      refusal: currentLine ? undefined : text.noCurrentLine,
      run: () => currentLine && log.name && toggleBookmark({ file: log.name, text: currentLine.text }),
    },
    {
      title: text.look,
      icon: <TuneIcon />,
      keys: ['Ctrl+Shift+P'],
      isPressed: bars.look,
      run: () => show('look'),
    },
    null,
    { title: text.refresh, icon: <RefreshIcon />, keys: ['Ctrl+Shift+R', 'F5'], run: log.refresh },
  ];
  return (
    <Pane label={text.title} menu={text.menu} actions={actions}>
      <FileTabs
        log={log}
        isFollowing={isFollowing}
        hasBookmarks={bars.bookmarks}
        onFollow={setIsFollowing}
        onBookmarks={() => show('bookmarks')}
      />
      {bars.find && (
        <FindBar
          search={search}
          field={findField}
          count={matches.length}
          index={index}
          onSearch={(changed) => {
            setIsFollowing(false);
            setSearch(changed);
            setMatchIndex(0);
          }}
          onStep={step}
          onClose={() => show('find', false)}
        />
      )}
      {bars.filter && (
        <FilterBar
          filter={filter}
          shownCount={lines.length}
          totalCount={all.length}
          onFilter={setFilter}
          onClose={() => show('filter', false)}
        />
      )}
      {bars.look && <LookBar look={look} onLook={setLook} />}
      {log.problem !== '' && (
        <Alert severity="error" sx={{ m: 2 }}>
          {log.problem}
        </Alert>
      )}
      {!log.lines && <LinearProgress aria-label={text.loading} />}
      <Box
        id="log-lines"
        role="tabpanel"
        aria-label={log.name ?? text.title}
        sx={{ flex: 1, minHeight: 0, display: 'flex' }}
      >
        {log.lines && isEmpty && log.problem === '' ? (
          <Typography color="textSecondary" sx={{ m: 'auto', p: 4, textAlign: 'center', maxWidth: 480 }}>
            {text.noLog}
          </Typography>
        ) : (
          <LogView
            label={text.title}
            lines={lines}
            look={look}
            search={usedSearch}
            match={bars.find ? (matches[index] ?? null) : null}
            current={current}
            bookmarks={marked}
            isFollowing={isFollowing}
            onCurrent={setCurrent}
            onFollowing={setIsFollowing}
            onBookmark={(line) => log.name && toggleBookmark({ file: log.name, text: line.text })}
          />
        )}
        {bars.bookmarks && (
          <BookmarkList
            bookmarks={bookmarks}
            isHere={(bookmark) => all.some((line) => line.text === bookmark.text)}
            onJump={jump}
            onRemove={toggleBookmark}
          />
        )}
      </Box>
    </Pane>
  );
}

/** The files as tabs, newest first; whether the bookmarks are listed and the end is followed. */
function FileTabs({
  log,
  isFollowing,
  hasBookmarks,
  onFollow,
  onBookmarks,
}: {
  log: Log;
  isFollowing: boolean;
  hasBookmarks: boolean;
  onFollow(isFollowing: boolean): void;
  onBookmarks(): void;
}): ReactElement {
  const { panes } = useText();
  const text = panes.logs;
  const isKnown = log.files.some((file) => file.name === log.name);
  return (
    <Box
      sx={{
        display: 'flex',
        alignItems: 'center',
        flexShrink: 0,
        px: 1,
        borderBottom: 1,
        borderColor: 'divider',
        bgcolor: 'background.paper',
      }}
    >
      <Tabs
        value={isKnown ? log.name : false}
        onChange={(_event, name: string) => log.choose(name)}
        aria-label={text.file}
        variant="scrollable"
        scrollButtons="auto"
        sx={{ flex: 1, minHeight: 40, '& .MuiTab-root': { minHeight: 40, py: 0.5 } }}
      >
        {log.files.map((file) => (
          <Tab
            key={file.name}
            value={file.name}
            id={`log-tab-${file.name}`}
            aria-controls="log-lines"
            label={
              <span>
                {file.name}
                <Typography component="span" variant="caption" color="textSecondary" sx={{ pl: 1 }}>
                  {formatSize(file.sizeBytes, panes.locale)}
                </Typography>
              </span>
            }
          />
        ))}
      </Tabs>
      <Button
        size="small"
        color={hasBookmarks ? 'primary' : 'inherit'}
        startIcon={<BookmarksIcon />}
        aria-pressed={hasBookmarks}
        onClick={onBookmarks}
        sx={{ ml: 1, px: 1, flexShrink: 0, bgcolor: hasBookmarks ? 'action.selected' : undefined }}
      >
        {text.bookmarks}
      </Button>
      <FormControlLabel
        control={<Switch size="small" checked={isFollowing} onChange={(_event, isChecked) => onFollow(isChecked)} />}
        label={text.follow}
        slotProps={{ typography: { variant: 'body2' } }}
        sx={{ ml: 1, mr: 0.5 }}
      />
    </Box>
  );
}

/** Goes to a bookmarked line, in the shown file or, once it is read, in its own. */
function useJump(
  log: Log,
  show: (number: number) => void,
  follow: (isFollowing: boolean) => void,
): (bookmark: Bookmark) => void {
  const [wanted, setWanted] = useState<Bookmark | null>(null);
  const { lines } = log;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the setters mean the same in every drawing
  useEffect(() => {
    if (!wanted || !lines) return;
    const line = lines.find((candidate) => candidate.text === wanted.text);
    setWanted(null);
    if (!line) return;
    follow(false);
    show(line.number);
  }, [wanted, lines]);
  return (bookmark) => {
    setWanted(bookmark);
    const isHere = lines?.some((line) => line.text === bookmark.text);
    if (!isHere && log.files.some((file) => file.name === bookmark.file)) log.choose(bookmark.file);
  };
}
