// Bookmarked lines of a machine's logs, remembered by their text: a line's place in a file changes, its text with its time does not.
import BookmarkRemoveIcon from '@mui/icons-material/BookmarkRemoveOutlined';
import Box from '@mui/material/Box';
import IconButton from '@mui/material/IconButton';
import List from '@mui/material/List';
import ListItem from '@mui/material/ListItem';
import ListItemButton from '@mui/material/ListItemButton';
import ListItemText from '@mui/material/ListItemText';
import Typography from '@mui/material/Typography';
import type { ReactElement } from 'react';
import { useRemembered } from '../../components/remembered.ts';
import { useText } from '../../i18n/text.ts';

export interface Bookmark {
  /** The file it was in when it was made. */
  file: string;
  text: string;
}

export function useBookmarks(machineId: string): [Bookmark[], (toggled: Bookmark) => void] {
  const [bookmarks, setBookmarks] = useRemembered<Bookmark[]>(`logs.bookmarks.${machineId}`, [], isBookmarks);
  return [
    bookmarks,
    (toggled) => {
      const others = bookmarks.filter(({ text }) => text !== toggled.text);
      setBookmarks(others.length < bookmarks.length ? others : [...bookmarks, toggled]);
    },
  ];
}

function isBookmarks(stored: unknown): stored is Bookmark[] {
  return (
    Array.isArray(stored) &&
    stored.every(
      (entry: unknown) =>
        typeof entry === 'object' &&
        entry !== null &&
        'file' in entry &&
        'text' in entry &&
        typeof entry.file === 'string' &&
        typeof entry.text === 'string',
    )
  );
}

interface BookmarkListProps {
  bookmarks: Bookmark[];
  /** Texts of the lines that are shown now. */
  isHere(bookmark: Bookmark): boolean;
  onJump(bookmark: Bookmark): void;
  onRemove(bookmark: Bookmark): void;
}

export function BookmarkList({ bookmarks, isHere, onJump, onRemove }: BookmarkListProps): ReactElement {
  const { panes } = useText();
  const text = panes.logs;
  return (
    <Box
      component="aside"
      aria-label={text.bookmarks}
      sx={{ width: { xs: 240, lg: 320 }, flexShrink: 0, overflow: 'auto', borderLeft: 1, borderColor: 'divider' }}
    >
      <Typography variant="subtitle2" component="h3" sx={{ px: 2, pt: 1.5 }}>
        {text.bookmarks}
      </Typography>
      {bookmarks.length === 0 && (
        <Typography variant="body2" color="textSecondary" sx={{ px: 2, py: 1 }}>
          {text.noBookmarks}
        </Typography>
      )}
      <List dense>
        {bookmarks.map((bookmark) => (
          <ListItem
            key={bookmark.text}
            disablePadding
            secondaryAction={
              <IconButton
                edge="end"
                size="small"
                aria-label={`${text.removeBookmark}: ${bookmark.text}`}
                onClick={() => onRemove(bookmark)}
              >
                <BookmarkRemoveIcon fontSize="small" />
              </IconButton>
            }
          >
            <ListItemButton onClick={() => onJump(bookmark)} sx={{ pr: 5 }}>
              <ListItemText
                primary={bookmark.text.replace(/^\S+Z /, '')}
                secondary={isHere(bookmark) ? bookmark.text.slice(0, 23).replace('T', ' ') : text.inFile(bookmark.file)}
                slotProps={{ primary: { noWrap: true, variant: 'body2' }, secondary: { noWrap: true } }}
              />
            </ListItemButton>
          </ListItem>
        ))}
      </List>
    </Box>
  );
}
