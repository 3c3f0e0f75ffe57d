// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { DropDown } from './menu.tsx';

afterEach(cleanup);

it('opens, runs what is chosen and closes', async () => {
  const run = vi.fn();
  render(<DropDown title="Machine" items={[{ title: 'New…', keys: 'Ctrl+N', run }, null]} />);
  fireEvent.click(screen.getByRole('button', { name: 'Machine' }));
  fireEvent.click(screen.getByRole('menuitem', { name: /New….*Ctrl\+N/ }));
  expect(run).toHaveBeenCalledOnce();
  await vi.waitFor(() => expect(screen.queryByRole('menu')).toBeNull());
});

it('tells what is checked and what cannot be chosen', () => {
  const run = vi.fn();
  render(
    <DropDown
      title="View"
      items={[
        { title: 'Scaled Mode', isChecked: true, run },
        { title: 'Take Screenshot…', isDisabled: true, run },
      ]}
    />,
  );
  fireEvent.click(screen.getByRole('button', { name: 'View' }));
  expect(screen.getByRole('menuitemcheckbox', { name: 'Scaled Mode' }).getAttribute('aria-checked')).toBe('true');
  expect(screen.getByRole('menuitem', { name: 'Take Screenshot…' }).getAttribute('aria-disabled')).toBe('true');
});

it('runs what is pressed in a submenu, which is no click elsewhere', async () => {
  const run = vi.fn();
  render(
    <DropDown title="Input" items={[{ title: 'Keyboard', items: [{ title: 'Insert Insert', run }], run: vi.fn() }]} />,
  );
  fireEvent.click(screen.getByRole('button', { name: 'Input' }));
  fireEvent.click(screen.getByRole('menuitem', { name: 'Keyboard' }));
  // The listener for clicks elsewhere begins to listen a moment after the menu opened.
  await new Promise((resolve) => setTimeout(resolve, 10));
  const item = await screen.findByRole('menuitem', { name: 'Insert Insert' });
  fireEvent.mouseDown(item);
  fireEvent.click(await screen.findByRole('menuitem', { name: 'Insert Insert' }));
  expect(run).toHaveBeenCalledOnce();
});

it('runs what is chosen in a submenu, by pointer and by keys', () => {
  const run = vi.fn();
  const items = [
    { title: 'Start', items: [{ title: 'Headless Start', run }], run: vi.fn() },
    { title: 'Pause', run: vi.fn() },
  ];
  render(<DropDown title="Machine" items={items} />);
  const bar = screen.getByRole('button', { name: 'Machine' });
  fireEvent.click(bar);
  fireEvent.mouseEnter(screen.getByRole('menuitem', { name: 'Start' }));
  const inner = screen.getByRole('menuitem', { name: 'Headless Start' });
  fireEvent.mouseDown(inner);
  fireEvent.click(inner);
  expect(run).toHaveBeenCalledOnce();
  expect(screen.queryByRole('menu')).toBeNull();

  fireEvent.click(bar);
  const start = screen.getByRole('menuitem', { name: 'Start' });
  start.focus();
  fireEvent.keyDown(start, { key: 'ArrowRight' });
  expect(document.activeElement).toBe(screen.getByRole('menuitem', { name: 'Headless Start' }));
  fireEvent.keyDown(document.activeElement!, { key: 'ArrowLeft' });
  expect(document.activeElement).toBe(start);
  expect(screen.queryByRole('menuitem', { name: 'Headless Start' })).toBeNull();
});

it('does not run what is disabled, and says why', async () => {
  const run = vi.fn();
  render(<DropDown title="Machine" items={[{ title: 'Clone…', isDisabled: true, reason: 'Not yet', run }]} />);
  fireEvent.click(screen.getByRole('button', { name: 'Machine' }));
  const item = screen.getByRole('menuitem', { name: 'Clone…' });
  fireEvent.click(item);
  expect(run).not.toHaveBeenCalled();
  fireEvent.mouseOver(item);
  expect(await screen.findByText('Not yet')).toBeDefined();
});
