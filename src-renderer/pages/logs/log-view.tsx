// The lines of a log. Drawn in blocks which the browser skips while they are out of sight, so that tens of thousands of lines
// scroll smoothly, can still be selected across, and cost nothing when a line is added at the end.
import BookmarkIcon from '@mui/icons-material/Bookmark';
import Box from '@mui/material/Box';
import {
  type KeyboardEvent,
  type MouseEvent,
  memo,
  type ReactElement,
  type ReactNode,
  useEffect,
  useMemo,
  useRef,
} from 'react';
import { blocksOf, type LogLine, type Match, matchStarts, type Search } from './log-model.ts';

const BLOCK = 100;
const LINE_HEIGHT = 1.55;
/** How near to the end still counts as being there, in pixels. */
const AT_END = 24;

export interface LogLook {
  isWrapped: boolean;
  isNumbered: boolean;
  fontSize: number;
}

interface LogViewProps {
  label: string;
  lines: LogLine[];
  look: LogLook;
  search: Search;
  /** The found place to show most clearly. */
  match: Match | null;
  /** Number of the line that Bookmark is about. */
  current: number | null;
  bookmarks: ReadonlySet<string>;
  isFollowing: boolean;
  onCurrent(number: number): void;
  onFollowing(isFollowing: boolean): void;
  onBookmark(line: LogLine): void;
}

export function LogView(props: LogViewProps): ReactElement {
  const { label, lines, look, search, match, current, bookmarks, isFollowing } = props;
  const view = useRef<HTMLDivElement>(null);
  const blocks = useMemo(() => blocksOf(lines, BLOCK), [lines]);
  const matched = match ? (lines[match.row] ?? null) : null;
  const digits = String(lines.at(-1)?.number ?? 0).length;

  // biome-ignore lint/correctness/useExhaustiveDependencies: new lines are what there is to follow
  useEffect(() => {
    if (isFollowing && view.current) view.current.scrollTop = view.current.scrollHeight;
  }, [isFollowing, lines, look]);
  const shown = matched?.number ?? null;
  useEffect(() => {
    if (shown !== null) lineElement(view.current, shown)?.scrollIntoView({ block: 'center', inline: 'nearest' });
  }, [shown]);
  useEffect(() => {
    if (current !== null) lineElement(view.current, current)?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [current]);

  return (
    <Box
      ref={view}
      role="listbox"
      aria-label={label}
      tabIndex={0}
      aria-activedescendant={current === null ? undefined : lineId(current)}
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        const isAtEnd = scrollHeight - scrollTop - clientHeight < AT_END;
        if (isAtEnd !== isFollowing) props.onFollowing(isAtEnd);
      }}
      onMouseDown={(event) => pointAt(event, props)}
      onKeyDown={(event) => moveCurrent(event, props)}
      sx={(theme) => ({
        flex: 1,
        minHeight: 0,
        overflow: 'auto',
        bgcolor: 'background.paper',
        fontFamily: 'ui-monospace, "DejaVu Sans Mono", Consolas, monospace',
        fontSize: look.fontSize,
        lineHeight: LINE_HEIGHT,
        outlineOffset: -2,
        '& .line': {
          display: 'flex',
          whiteSpace: look.isWrapped ? 'pre-wrap' : 'pre',
          overflowWrap: look.isWrapped ? 'anywhere' : 'normal',
          minWidth: look.isWrapped ? 0 : 'max-content',
          pr: 2,
        },
        '& .line[aria-selected=true]': { bgcolor: 'action.selected' },
        '& .line:hover': { bgcolor: 'action.hover' },
        '& .gutter': {
          flexShrink: 0,
          width: look.isNumbered ? `calc(${Math.max(digits, 3)}ch + 2.5rem)` : '1.75rem',
          pr: 1.5,
          textAlign: 'right',
          color: 'text.secondary',
          userSelect: 'none',
          cursor: 'pointer',
          position: 'relative',
        },
        '& .gutter svg': { position: 'absolute', left: 4, top: '0.2em', fontSize: '1.2em', color: 'primary.main' },
        '& .time': { color: 'text.secondary' },
        '& .warn': { color: '#8a4b00', ...theme.applyStyles('dark', { color: '#ffb74d' }) },
        '& .error': { color: '#b71c1c', fontWeight: 500, ...theme.applyStyles('dark', { color: '#ff9a91' }) },
        '& .debug': { color: 'text.secondary' },
        '& mark': { bgcolor: '#ffe08a', color: '#1b1b1b', borderRadius: '2px' },
        '& mark.current': { bgcolor: '#ff9632', outline: '1px solid #7a3d00' },
      })}
    >
      {blocks.map((block) => (
        <Block
          key={block[0]!.number}
          lines={block}
          search={search}
          isNumbered={look.isNumbered}
          height={look.fontSize * LINE_HEIGHT}
          current={block.some((line) => line.number === current) ? current : null}
          match={matched && match && block.includes(matched) ? { number: matched.number, start: match.start } : null}
          bookmarks={bookmarks}
        />
      ))}
    </Box>
  );
}

interface BlockProps {
  lines: LogLine[];
  search: Search;
  isNumbered: boolean;
  height: number;
  current: number | null;
  match: { number: number; start: number } | null;
  bookmarks: ReadonlySet<string>;
}

const Block = memo(function Block({ lines, search, isNumbered, height, current, match, bookmarks }: BlockProps) {
  return (
    <div
      role="presentation"
      style={{ contentVisibility: 'auto', containIntrinsicSize: `auto ${(lines.length * height) / 16}rem` }}
    >
      {lines.map((line) => (
        // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus and names its active line
        <div
          key={line.number}
          id={lineId(line.number)}
          role="option"
          aria-selected={line.number === current}
          className="line"
          data-number={line.number}
        >
          <span className="gutter" data-gutter="">
            {bookmarks.has(line.text) && <BookmarkIcon titleAccess="★" />}
            {isNumbered && line.number}
          </span>
          <span className={line.level ?? 'plain'}>
            <LineText line={line} search={search} start={match?.number === line.number ? match.start : null} />
          </span>
        </div>
      ))}
    </div>
  );
}, isSame);

/** The block is cut anew at each change of the log; it is drawn anew only when its lines are others, or what is marked in them. */
function isSame(before: BlockProps, after: BlockProps): boolean {
  return (
    before.lines.length === after.lines.length &&
    before.lines.every((line, index) => line === after.lines[index]) &&
    before.search.text === after.search.text &&
    before.search.isCaseSensitive === after.search.isCaseSensitive &&
    before.isNumbered === after.isNumbered &&
    before.height === after.height &&
    before.current === after.current &&
    before.match?.number === after.match?.number &&
    before.match?.start === after.match?.start &&
    before.bookmarks === after.bookmarks
  );
}

function LineText({ line, search, start }: { line: LogLine; search: Search; start: number | null }): ReactNode {
  const { text, timeLength } = line;
  const starts = matchStarts(text, search);
  if (starts.length === 0)
    return timeLength === 0 ? (
      text
    ) : (
      <>
        <span className="time">{text.slice(0, timeLength)}</span>
        {text.slice(timeLength)}
      </>
    );
  const pieces: ReactNode[] = [];
  let at = 0;
  for (const from of starts) {
    const to = from + search.text.length;
    pieces.push(
      text.slice(at, from),
      <mark key={from} className={from === start ? 'current' : ''}>
        {text.slice(from, to)}
      </mark>,
    );
    at = to;
  }
  return [...pieces, text.slice(at)];
}

function lineId(number: number): string {
  return `log-line-${number}`;
}

function lineElement(view: HTMLElement | null, number: number): HTMLElement | null {
  return view?.querySelector<HTMLElement>(`[data-number="${number}"]`) ?? null;
}

function pointAt({ target }: MouseEvent, { lines, onCurrent, onBookmark }: LogViewProps): void {
  const element = target as Element;
  const number = Number(element.closest<HTMLElement>('[data-number]')?.dataset['number']);
  const line = lines.find((candidate) => candidate.number === number);
  if (!line) return;
  onCurrent(number);
  if (element.closest('[data-gutter]')) onBookmark(line);
}

function moveCurrent(event: KeyboardEvent, { lines, current, onCurrent }: LogViewProps): void {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const place = lines.findIndex((line) => line.number === current);
  const page = 20;
  const moves: Record<string, number> = {
    ArrowDown: place + 1,
    ArrowUp: place < 0 ? lines.length - 1 : place - 1,
    PageDown: place + page,
    PageUp: place - page,
    Home: 0,
    End: lines.length - 1,
  };
  const to = moves[event.key];
  if (to === undefined) return;
  event.preventDefault();
  const line = lines[Math.min(Math.max(to, 0), lines.length - 1)];
  if (line) onCurrent(line.number);
}
