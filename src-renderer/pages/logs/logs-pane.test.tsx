// @vitest-environment happy-dom
// The pane over a host that answers when the test says so: what is read and what is pushed meanwhile make one log.
import { act, cleanup, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { MachineSummary } from '../../../src-main/contract/methods.ts';
import { useHost } from '../../client/store.ts';
import { matchStarts } from './log-model.ts';
import { LogsPane } from './logs-pane.tsx';

vi.mock('./log-model.ts', { spy: true });

const host = vi.hoisted(() => ({
  answer: (_lines: string[]): void => {},
  log: (_line: string): void => {},
}));
vi.mock('../../client/client.ts', () => ({
  client: {
    on: (_event: string, listener: (data: { id: string; line: string }) => void) => {
      host.log = (line) => listener({ id: 'm', line });
      return () => {};
    },
    call: (method: string) =>
      method === 'machine.logs'
        ? Promise.resolve({ files: [{ name: 'machine.log', sizeBytes: 1, modifiedAt: '2026-11-20T10:00:00.000Z' }] })
        : new Promise((resolve) => {
            host.answer = (lines) => resolve({ lines });
          }),
  },
}));

const machine = { id: 'm', name: 'M', state: 'running' } as MachineSummary;
const line = (number: number): string =>
  `2026-11-20T10:00:00.${String(number).padStart(3, '0')}Z info: message ${number}`;
const shown = (): string[] =>
  screen.getAllByRole('option').map((option) => /message \d+/.exec(option.textContent ?? '')?.[0] ?? '');

beforeEach(() => {
  vi.useFakeTimers();
  useHost.setState({ connection: 'open' });
});
afterEach(() => {
  vi.useRealTimers();
  cleanup();
});

it('shows each line once: those read, and those written while they were being read', async () => {
  render(<LogsPane machine={machine} />);
  await act(async () => {
    host.log(line(2));
    host.log(line(3));
    host.answer([line(1), line(2)]);
  });
  expect(shown()).toEqual(['message 1', 'message 2', 'message 3']);
  await act(async () => {
    host.log(line(4));
    vi.advanceTimersByTime(1000);
  });
  expect(shown().at(-1)).toBe('message 4');
});

it('draws only the end anew when a line is added to 2000', async () => {
  render(<LogsPane machine={machine} />);
  const many = Array.from({ length: 2000 }, (_, index) => `2026-11-20T10:00:00.000Z info: message ${index + 1}`);
  await act(async () => host.answer(many));
  // By role it would take long to find among so many.
  const list = document.querySelector('[role=listbox]')!;
  expect(list.querySelectorAll('[role=option]')).toHaveLength(2000);
  // Each line that is drawn is looked through for what is searched.
  vi.mocked(matchStarts).mockClear();
  await act(async () => {
    host.log(line(1));
    vi.advanceTimersByTime(1000);
  });
  expect(list.querySelectorAll('[role=option]')).toHaveLength(2001);
  expect(vi.mocked(matchStarts).mock.calls.map(([text]) => text)).toEqual([line(1)]);
});
