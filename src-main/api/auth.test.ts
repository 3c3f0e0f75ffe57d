import { expect, it } from 'vitest';
import { Auth, SESSION_COOKIE } from './auth.ts';

it('gives a session for the token once', () => {
  const auth = new Auth();
  const token = auth.issueToken();
  const session = auth.redeem(token);
  expect(auth.isSession(`a=b; ${SESSION_COOKIE}=${session}`)).toBe(true);
  expect(auth.redeem(token)).toBeNull();
});

it('refuses wrong tokens and wrong cookies', () => {
  const auth = new Auth();
  auth.issueToken();
  expect(auth.redeem('guess')).toBeNull();
  expect(auth.isSession(undefined)).toBe(false);
  expect(auth.isSession(`${SESSION_COOKIE}=guess`)).toBe(false);
});

it('shuts the door for a minute after ten wrong tokens, even for the right one', () => {
  let now = 0;
  const auth = new Auth(() => now);
  const token = auth.issueToken();
  for (let i = 0; i < 10; i++) auth.redeem(`guess ${i}`);
  expect(auth.redeem(token)).toBeNull();
  now = 60_001;
  expect(auth.redeem(token)).not.toBeNull();
});
