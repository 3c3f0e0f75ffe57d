import { expect, it } from 'vitest';
import { Auth, sessionCookie } from './auth.ts';

it('gives a session for the token once', () => {
  const auth = new Auth();
  const token = auth.issueToken();
  const session = auth.redeem(token);
  expect(auth.isSession(`a=b; ${sessionCookie(80)}=${session}`, 80)).toBe(true);
  expect(auth.isSession(`${sessionCookie(80)}=${session}`, 81)).toBe(false);
  expect(auth.redeem(token)).toBeNull();
});

it('refuses wrong tokens and wrong cookies', () => {
  const auth = new Auth();
  auth.issueToken();
  expect(auth.redeem('guess')).toBeNull();
  expect(auth.isSession(undefined, 80)).toBe(false);
  expect(auth.isSession(`${sessionCookie(80)}=guess`, 80)).toBe(false);
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
