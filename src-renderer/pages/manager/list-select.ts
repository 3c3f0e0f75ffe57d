// How clicks and keys select rows: one, a range from the anchor with Shift, one more or less with Ctrl.
import type { Row, RowKey } from './list-model.ts';
import { useManager } from './manager-store.ts';

export type SelectHow = 'only' | 'toggle' | 'range';

export function selectRow(rows: readonly Row[], key: RowKey, how: SelectHow): void {
  const { selected, anchor } = useManager.getState();
  if (how === 'only') return useManager.setState({ selected: [key], current: key, anchor: key });
  if (how === 'toggle') {
    const isOff = selected.includes(key);
    const next = isOff ? selected.filter((other) => other !== key) : [...selected, key];
    return useManager.setState({ selected: next, current: key, anchor: key });
  }
  const from = rows.findIndex((row) => row.key === (anchor ?? key));
  const to = rows.findIndex((row) => row.key === key);
  const range = rows.slice(Math.min(from, to), Math.max(from, to) + 1).map((row) => row.key);
  useManager.setState({ selected: from < 0 ? [key] : range, current: key, anchor: from < 0 ? key : anchor });
}
