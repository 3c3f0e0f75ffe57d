// A choice of this window's user that outlives it: how a pane looks, what is bookmarked. Kept in the browser.
import { useCallback, useState } from 'react';

/** Like useState; `key` names it among all. What is stored and does not satisfy `isValid` is ignored. */
export function useRemembered<Value>(
  key: string,
  initial: Value,
  isValid: (stored: unknown) => stored is Value,
): [Value, (value: Value) => void] {
  const name = `ospite.${key}`;
  const [value, setValue] = useState<Value>(() => read(name, isValid) ?? initial);
  const keep = useCallback(
    (changed: Value) => {
      setValue(changed);
      try {
        localStorage.setItem(name, JSON.stringify(changed));
      } catch {
        // A full or forbidden store costs the memory of a choice, not the choice.
      }
    },
    [name],
  );
  return [value, keep];
}

function read<Value>(name: string, isValid: (stored: unknown) => stored is Value): Value | null {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(name) ?? 'null');
    return isValid(stored) ? stored : null;
  } catch {
    return null;
  }
}
