// Keys as people write them ("Ctrl+Shift+N", "F5", "Delete") and as the browser reports them.

/** The chord a key event makes, modifiers in the order Ctrl, Alt, Shift, Meta; empty while only modifiers are down. */
export function chordOf(
  event: Pick<KeyboardEvent, 'code' | 'key' | 'ctrlKey' | 'altKey' | 'shiftKey' | 'metaKey'>,
): string {
  const name = keyName(event.code, event.key);
  if (name === '') return '';
  const modifiers = [
    event.ctrlKey && 'Ctrl',
    event.altKey && 'Alt',
    event.shiftKey && 'Shift',
    event.metaKey && 'Meta',
  ].filter((modifier) => modifier !== false);
  return [...modifiers, name].join('+');
}

function keyName(code: string, key: string): string {
  const plain =
    /^(?:Key([A-Z])|Digit(\d)|(F\d{1,2}|Delete|Backspace|Insert|Home|End|PageUp|PageDown|Enter|Escape|Space|Tab|Arrow\w+))$/.exec(
      code,
    );
  if (plain) return plain[1] ?? plain[2] ?? plain[3] ?? '';
  return ['Control', 'Alt', 'Shift', 'Meta', 'AltGraph'].includes(key) ? '' : key.length === 1 ? key.toUpperCase() : '';
}
