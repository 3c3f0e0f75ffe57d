// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { Pane } from './pane.tsx';
import { usePaneMenuStore } from './pane-menu.ts';

vi.mock('../client/client.ts', () => ({ client: {} }));
afterEach(cleanup);

const icon = <span />;
const keys = { code: 'KeyF', key: 'F', ctrlKey: true, shiftKey: true };

it('runs an action by its keys while the focus is inside, and only then', () => {
  const run = vi.fn();
  render(
    <>
      <input aria-label="outside" />
      <Pane label="Logs" menu="Log" actions={[{ title: 'Find', icon, keys: ['Ctrl+Shift+F'], run }]}>
        <input aria-label="inside" />
      </Pane>
    </>,
  );
  fireEvent.keyDown(screen.getByLabelText('outside'), keys);
  expect(run).not.toHaveBeenCalled();
  const isFree = fireEvent.keyDown(screen.getByLabelText('inside'), keys);
  expect(run).toHaveBeenCalledOnce();
  expect(isFree).toBe(false);
});

it('keeps a refused action reachable, tells why, and does not run it', () => {
  const run = vi.fn();
  render(
    <Pane
      label="Snapshots"
      menu="Snapshot"
      actions={[{ title: 'Take…', icon, keys: ['Ctrl+Shift+F'], refusal: 'Not in this version', run }]}
    >
      <input aria-label="inside" />
    </Pane>,
  );
  const button = screen.getByRole('button', { name: 'Take…' });
  expect(button.getAttribute('aria-disabled')).toBe('true');
  expect(button.hasAttribute('disabled')).toBe(false);
  fireEvent.click(button);
  fireEvent.keyDown(screen.getByLabelText('inside'), keys);
  expect(run).not.toHaveBeenCalled();
});

it('offers its actions in the menu bar, the newest ones, for as long as it is there', () => {
  const runs = [vi.fn(), vi.fn()];
  const pane = (run: () => void) => (
    <Pane label="Logs" menu="Log" actions={[{ title: 'Find', icon, isPressed: true, run }, null]}>
      text
    </Pane>
  );
  const { rerender, unmount } = render(pane(runs[0]!));
  const { menu } = usePaneMenuStore.getState();
  expect(menu).toMatchObject({ title: 'Log', items: [{ title: 'Find', isChecked: true }, null] });
  rerender(pane(runs[1]!));
  expect(usePaneMenuStore.getState().menu).toBe(menu);
  menu?.items[0]?.run();
  expect(runs.map((run) => run.mock.calls.length)).toEqual([0, 1]);
  unmount();
  expect(usePaneMenuStore.getState().menu).toBeNull();
});
