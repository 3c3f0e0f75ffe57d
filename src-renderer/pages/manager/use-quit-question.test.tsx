// @vitest-environment happy-dom
import { renderHook } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { useManager } from './manager-store.ts';
import { useQuitQuestion } from './use-quit-question.ts';

afterEach(() => {
  delete window.ospiteDesktop;
});

it('opens the question when the desktop application is to end, until the window goes', () => {
  const onQuitAsked = vi.fn<(ask: (() => void) | null) => void>();
  window.ospiteDesktop = { connect() {}, send() {}, chooseFile: () => Promise.resolve(null), onQuitAsked };
  const { unmount } = renderHook(() => useQuitQuestion());
  onQuitAsked.mock.calls[0]![0]!();
  expect(useManager.getState().dialog).toEqual({ kind: 'quit' });
  unmount();
  expect(onQuitAsked).toHaveBeenLastCalledWith(null);
});
