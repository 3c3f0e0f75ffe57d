import { describe, expect, it, vi } from 'vitest';
import { Auth, sessionCookie } from './auth.ts';
import { FailureLimiter } from './failure-limiter.ts';
import { Password } from './password.ts';

const HOUR_MS = 3600_000;

function sessionFrom(attempt: ReturnType<Auth['redeem']>): string {
  if (!('session' in attempt)) throw new Error(`refused: ${attempt.refused}`);
  return attempt.session;
}

describe('one-time tokens', () => {
  it('give a session once', () => {
    const auth = new Auth();
    const token = auth.issueToken();
    const session = sessionFrom(auth.redeem(token, '::1'));
    expect(auth.sessionOf(`a=b; ${sessionCookie(80)}=${session}`, 80)).not.toBeNull();
    expect(auth.sessionOf(`${sessionCookie(80)}=${session}`, 81)).toBeNull();
    expect(auth.redeem(token, '::1')).toEqual({ refused: 'wrong' });
  });

  it('are each their own: a second window needs not wait for the first', () => {
    const auth = new Auth();
    const [first, second] = [auth.issueToken(), auth.issueToken()];
    sessionFrom(auth.redeem(second, '::1'));
    sessionFrom(auth.redeem(first, '::1'));
  });

  it('and cookies that are wrong are refused', () => {
    const auth = new Auth();
    auth.issueToken();
    expect(auth.redeem('guess', '::1')).toEqual({ refused: 'wrong' });
    expect(auth.sessionOf(undefined, 80)).toBeNull();
    expect(auth.sessionOf(`${sessionCookie(80)}=guess`, 80)).toBeNull();
  });

  it('do not work for a minute after ten wrong ones from the same address', () => {
    let now = 0;
    const auth = new Auth({ nowMs: () => now });
    const token = auth.issueToken();
    for (let i = 0; i < 10; i++) auth.redeem(`guess ${i}`, '10.0.0.7');
    now = 30_000;
    expect(auth.redeem(token, '10.0.0.7')).toEqual({ refused: 'locked', retryAfterSeconds: 30 });
    sessionFrom(auth.redeem(auth.issueToken(), '10.0.0.8'));
    now = 60_001;
    sessionFrom(auth.redeem(token, '10.0.0.7'));
  });
});

describe('sessions', () => {
  it('end when they were not used for twelve hours, except while a connection holds them', () => {
    let now = 0;
    const auth = new Auth({ nowMs: () => now });
    const cookie = `${sessionCookie(80)}=${sessionFrom(auth.redeem(auth.issueToken(), '::1'))}`;
    now += 11 * HOUR_MS;
    const session = auth.sessionOf(cookie, 80)!;
    const release = auth.sessions.hold(session, () => {});
    now += 48 * HOUR_MS;
    expect(auth.sessionOf(cookie, 80)).toBe(session);
    now += HOUR_MS;
    release();
    now += 11 * HOUR_MS;
    expect(auth.sessionOf(cookie, 80)).toBe(session);
    now += 12 * HOUR_MS;
    expect(auth.sessionOf(cookie, 80)).toBeNull();
  });

  it('hang up their connections when they end', () => {
    const auth = new Auth();
    const cookie = `${sessionCookie(80)}=${sessionFrom(auth.redeem(auth.issueToken(), '::1'))}`;
    const session = auth.sessionOf(cookie, 80)!;
    const hangUp = vi.fn();
    auth.sessions.hold(session, hangUp);
    auth.sessions.end(session);
    expect(hangUp).toHaveBeenCalledOnce();
    expect(auth.sessionOf(cookie, 80)).toBeNull();
  });

  it('are bounded: the one unused for longest makes room', () => {
    let now = 0;
    const auth = new Auth({ nowMs: () => now++ });
    const cookies = Array.from({ length: 1001 }, () => {
      return `${sessionCookie(80)}=${sessionFrom(auth.redeem(auth.issueToken(), '::1'))}`;
    });
    expect(auth.sessionOf(cookies[0], 80)).toBeNull();
    expect(auth.sessionOf(cookies[1], 80)).not.toBeNull();
  });
});

describe('the password', () => {
  it('gives a session; a wrong one does not', async () => {
    const auth = new Auth({ password: await Password.create('correct horse') });
    expect(await auth.logIn('wrong horse', '10.0.0.7')).toEqual({ refused: 'wrong' });
    sessionFrom(await auth.logIn('correct horse', '10.0.0.7'));
  });

  it('cannot be tried more often by trying all at once', async () => {
    const auth = new Auth({ password: await Password.create('correct horse') });
    const attempts = await Promise.all(Array.from({ length: 30 }, (_, i) => auth.logIn(`guess ${i}`, '10.0.0.7')));
    expect(attempts.filter((attempt) => 'refused' in attempt && attempt.refused === 'wrong').length).toBeLessThan(11);
  });

  it('is shut off for an address by ten wrong ones, even the right one', async () => {
    const auth = new Auth({ password: await Password.create('correct horse'), nowMs: () => 0 });
    for (let i = 0; i < 10; i++) await auth.logIn(`guess ${i}`, '10.0.0.7');
    expect(await auth.logIn('correct horse', '10.0.0.7')).toEqual({ refused: 'locked', retryAfterSeconds: 60 });
  });

  it('is the same however its letters were composed', async () => {
    const password = await Password.create('caff\u00e8 latte');
    expect(await password.matches('caffe\u0300 latte')).toBe(true);
  });
});

describe('the API token', () => {
  it('works in an Authorization header, and nothing else does', () => {
    const auth = new Auth({ apiToken: 'a-long-token' });
    expect(auth.checkApiToken('Bearer a-long-token', '::1')).toBe('right');
    for (const wrong of [
      'Bearer a-long-toke',
      'Bearer ',
      'Basic a-long-token',
      'a-long-token',
      'Bearer a-long-token x',
    ])
      expect(auth.checkApiToken(wrong, '::1')).toEqual({ refused: 'wrong' });
    expect(new Auth().checkApiToken('Bearer ', '::1')).toEqual({ refused: 'wrong' });
  });

  it('still works for its owner when others on the host have tried too often', () => {
    const auth = new Auth({ apiToken: 'a-long-token', nowMs: () => 0 });
    for (let i = 0; i < 10; i++) auth.checkApiToken(`Bearer guess${i}`, '127.0.0.1');
    expect(auth.checkApiToken('Bearer guess', '127.0.0.1')).toEqual({ refused: 'locked', retryAfterSeconds: 60 });
    expect(auth.checkApiToken('Bearer a-long-token', '127.0.0.1')).toBe('right');
  });
});

describe('the limit on failures', () => {
  it('counts an IPv6 network, and an IPv4 address written either way, as one', () => {
    const limiter = new FailureLimiter(() => 0);
    for (let i = 0; i < 10; i++) limiter.fail(`2001:db8:0:7::${i}`);
    expect(limiter.retryAfterSeconds('2001:db8:0:7:1:2:3:4')).toBe(60);
    expect(limiter.retryAfterSeconds('2001:db8:0:8::1')).toBe(0);
    for (let i = 0; i < 10; i++) limiter.fail('::ffff:10.0.0.7');
    expect(limiter.retryAfterSeconds('10.0.0.7')).toBe(60);
  });

  it('forgets old failures and begins anew', () => {
    let now = 0;
    const limiter = new FailureLimiter(() => now);
    for (let i = 0; i < 9; i++) limiter.fail('10.0.0.7');
    now = 60_000;
    limiter.fail('10.0.0.7');
    expect(limiter.retryAfterSeconds('10.0.0.7')).toBe(0);
  });
});
