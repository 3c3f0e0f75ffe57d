// Types a text at the guest key by key: what was written here, or what the clipboard holds. Long texts show how far they are and
// can be stopped.
import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import LinearProgress from '@mui/material/LinearProgress';
import MenuItem from '@mui/material/MenuItem';
import Stack from '@mui/material/Stack';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import { type ReactElement, useEffect, useRef, useState } from 'react';
import { client } from '../../client/client.ts';
import { attempt } from '../../client/store.ts';
import { type LayoutId, layouts } from '../../display/keyboard-layouts.ts';
import { typeStrokes, typingOf } from '../../display/typing.ts';
import { useText } from '../../i18n/text.ts';
import { rememberedLayout, rememberLayout } from './guest-layout.ts';

const MAX_CHARACTERS = 100_000;

interface TypeTextDialogProps {
  id: string;
  fromClipboard: boolean;
  onClose(): void;
}

export function TypeTextDialog({ id, fromClipboard, onClose }: TypeTextDialogProps): ReactElement {
  const { console: text, common } = useText();
  const [content, setContent] = useState('');
  const [layout, setLayout] = useState<LayoutId>(rememberedLayout);
  const [notice, setNotice] = useState('');
  const [typed, setTyped] = useState<number | null>(null);
  const ending = useRef<AbortController | null>(null);
  useEffect(() => () => ending.current?.abort(), []);
  const { strokes, missing } = typingOf(content, layout);

  const insert = async (): Promise<void> => {
    const found = await navigator.clipboard?.readText().catch(() => null);
    if (found === null || found === undefined) return setNotice(text.typeText.noClipboard);
    setNotice(found === '' ? text.typeText.emptyClipboard : '');
    setContent((before) => (before + found).slice(0, MAX_CHARACTERS));
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: the clipboard is read once
  useEffect(() => {
    if (fromClipboard) void insert();
  }, []);

  const type = async (): Promise<void> => {
    rememberLayout(layout);
    const control = new AbortController();
    ending.current = control;
    setTyped(0);
    const isDone = await attempt(() =>
      typeStrokes(strokes, (events) => client.call('machine.keys', { id, events }), setTyped, control.signal),
    );
    if (isDone && !control.signal.aborted) onClose();
    else setTyped(null);
  };
  const isTyping = typed !== null;
  return (
    <Dialog open onClose={isTyping ? undefined : onClose} fullWidth maxWidth="sm">
      <DialogTitle>{text.typeText.title}</DialogTitle>
      <DialogContent>
        <Typography variant="body2" color="text.secondary" sx={{ mb: 2 }}>
          {text.typeText.intro}
        </Typography>
        <Stack spacing={2}>
          <TextField
            autoFocus
            multiline
            minRows={4}
            maxRows={10}
            fullWidth
            label={text.typeText.text}
            value={content}
            disabled={isTyping}
            onChange={(event) => setContent(event.target.value.slice(0, MAX_CHARACTERS))}
            helperText={notice === '' ? text.typeText.length(content.length) : notice}
            slotProps={{ htmlInput: { style: { fontFamily: 'monospace' }, spellCheck: false } }}
          />
          <Stack direction="row" spacing={1} sx={{ alignItems: 'center' }}>
            <TextField
              select
              label={text.typeText.layout}
              value={layout}
              disabled={isTyping}
              onChange={(event) => setLayout(event.target.value as LayoutId)}
              sx={{ minWidth: 220 }}
            >
              {(Object.keys(layouts) as LayoutId[]).map((one) => (
                <MenuItem key={one} value={one}>
                  {text.layouts[one]}
                </MenuItem>
              ))}
            </TextField>
            <Button onClick={() => void insert()} disabled={isTyping}>
              {text.typeText.paste}
            </Button>
          </Stack>
          {missing.length > 0 && (
            <Alert severity="warning">{text.typeText.missing(missing.slice(0, 20).map(shown).join(' '))}</Alert>
          )}
          {isTyping && (
            <div>
              <LinearProgress
                variant="determinate"
                value={strokes.length === 0 ? 100 : (typed / strokes.length) * 100}
                aria-label={text.typeText.title}
              />
              <Typography variant="caption" role="status">
                {text.typeText.typing(typed, strokes.length)}
              </Typography>
            </div>
          )}
        </Stack>
      </DialogContent>
      <DialogActions>
        {isTyping ? (
          <Button variant="contained" onClick={() => ending.current?.abort()}>
            {text.typeText.stop}
          </Button>
        ) : (
          <>
            <Button onClick={onClose}>{common.cancel}</Button>
            <Button variant="contained" disabled={strokes.length === 0} onClick={() => void type()}>
              {text.typeText.type}
            </Button>
          </>
        )}
      </DialogActions>
    </Dialog>
  );
}

/** Characters without a shape, by their number. */
function shown(character: string): string {
  return /[\p{Cc}\p{Cf}\p{Zs}]/u.test(character)
    ? `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`
    : character;
}
