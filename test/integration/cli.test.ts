// The command line as scripts and people meet it: in a process of its own, by its exit status, its one sentence and its files.
import { access, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bootImage, busy, echo, idle, reset, tripleFault } from '../harness/boot-sectors.ts';
import { type Finished, OspiteProcess } from '../harness/ospite-process.ts';

let folder: string;
let running: OspiteProcess[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ospite-cli-'));
  running = [];
  await writeFile(join(folder, 'text.txt'), 'no kernel, and not a whole number of sectors\n');
  await writeFile(join(folder, 'short.txt'), 'secret\n');
  await mkdir(join(folder, 'subfolder'));
});
afterEach(async () => {
  for (const { child } of running) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

function start(args: string[]): OspiteProcess {
  const started = new OspiteProcess(args, { cwd: folder, home: join(folder, 'home') });
  running.push(started);
  return started;
}

function run(args: string[]): Promise<Finished> {
  return start(args).finished;
}

/** Runs a guest of one sector. */
async function startGuest(code: readonly number[], args: string[]): Promise<OspiteProcess> {
  await writeFile(join(folder, 'guest.img'), bootImage('READY', code));
  return start(['run', '--memory', '16', '--disk', 'guest.img', ...args]);
}

describe('refuses with one sentence and leaves nothing behind:', () => {
  it.each([
    [1, ['run', '--kernel', 'missing'], /There is no file ".*missing"/],
    [1, ['run', '--kernel', 'subfolder'], /is a folder/],
    [1, ['run', '--kernel', 'text.txt'], /text\.txt: .*neither a Linux bzImage nor/],
    [1, ['run', '--disk', 'missing'], /There is no file/],
    [1, ['run', '--disk', 'text.txt'], /text\.txt".*sectors/],
    [1, ['run', '--cdrom', 'subfolder'], /is a folder/],
    [1, ['run', '--firmware', 'text.txt'], /firmware image/],
    [1, ['run', '--disk', 'a,bus=nvme'], /nvme is not in this version/],
    [1, ['run', '--nic', 'nat'], /--nic none/],
    [1, ['run', '--accel', 'kvm'], /kvm/],
    [2, ['run', '--accel', 'magic'], /--accel/],
    [2, ['run', '--memory', '0'], /--memory: .*at least 4 MiB/],
    [2, ['run', '--memory', '1000000'], /--memory: .*at most 3584 MiB/],
    [2, ['run', '--memory', '99999999999999'], /--memory needs a whole number/],
    [2, ['run', '--memory', '1.5'], /--memory needs a whole number/],
    [2, ['run', '--memory', '-4'], /--memory/],
    [2, ['run', '--bogus'], /'--bogus'.*"ospite help run"/],
    [2, ['run', 'stray'], /'stray'/],
    [2, ['run', '--timeout'], /'--timeout <value>' argument missing/],
    [2, ['run', '--timeout', '999999999'], /--timeout can be at most/],
    [2, ['run', '--until-serial', '['], /--until-serial: /],
    [2, ['run', '--until-serial', 'x', '--serial', 'none'], /--until-serial needs --serial stdio/],
    [2, ['run', '--until-screen', 'x', '--vga', 'none'], /--until-screen needs a display/],
    [2, ['run', '--screenshot', 's.png', '--vga', 'none'], /--screenshot needs a display/],
    [2, ['run', '--screenshot', 'subfolder'], /is a folder/],
    [1, ['run', '--stats', 'no/such/place.json'], /cannot be written/],
    [2, ['run', '--screenshot-after', '1'], /needs --screenshot/],
    [2, ['frobnicate'], /no command "frobnicate"; "ospite help"/],
    [2, ['help', 'frobnicate'], /no command "frobnicate"/],
    [2, ['constructor'], /no command "constructor"/],
    [2, ['serve', '--listen', 'here'], /--listen needs ADDRESS:PORT/],
    [2, ['serve', '--listen', '0.0.0.0:80'], /--listen 0\.0\.0\.0 .*needs a password.*--password-file/],
    [
      2,
      ['serve', '--listen', '0.0.0.0:80', '--password-file', 'short.txt'],
      /short\.txt must have 8 to 1000 characters/,
    ],
    [1, ['serve', '--password-file', 'missing'], /missing cannot be read/],
    [2, ['serve', 'stray'], /'stray'/],
    [1, ['open', 'some.iso'], /some\.iso/],
    [1, ['open', 'some.ova'], /some\.ova: appliances cannot be imported in this version/],
    [1, ['snapshot', 'take', 'x'], /"ospite snapshot" is not in this version; it will take/],
    [1, ['disk', 'resize', 'x'], /"ospite disk resize" is not in this version/],
    [2, ['disk'], /"ospite disk" needs one of its commands; "ospite help disk"/],
    [2, ['disk', 'frobnicate'], /"ospite disk" needs one of its commands/],
    [2, ['disk', 'create', 'x.img'], /needs --size/],
    [2, ['disk', 'create', 'x.img', '--size', 'big'], /--size needs a size such as 20G/],
    [2, ['create'], /ospite create needs NAME; "ospite help create"/],
    [2, ['create', 'a/b'], /name may not contain/],
    [2, ['create', 'x', '--os', 'debain'], /no guest system "debain"; "ospite systems"/],
    [2, ['create', 'x', '--memory', '1'], /--memory: .*at least 4 MiB/],
    [2, ['stop', 'x', '--acpi', '--force'], /exclude each other/],
    [2, ['key', 'x', 'hyper'], /no key "hyper"/],
    [2, ['wait', 'x'], /needs one of --screen REGEX/],
    [2, ['wait', 'x', '--state', 'happy'], /--state is one of poweredOff/],
    [2, ['preferences', 'set', 'theme'], /"theme" is no KEY=VALUE/],
    [2, ['preferences', 'set', 'theme=puce'], /theme: .*"puce"/],
    [2, ['preferences', 'get', 'colour'], /no preference "colour"/],
    [2, ['completion', 'tcsh'], /bash, zsh and fish/],
  ])('%i: ospite %j', async (status, args, sentence) => {
    const before = await readdir(folder);
    const finished = await run(args);
    expect(finished).toMatchObject({ status, stdout: '' });
    expect(finished.stderr).toMatch(/^ospite: [^\n]+\n$/);
    expect(finished.stderr).toMatch(sentence);
    expect(await readdir(folder)).toEqual(before);
  });
});

it.each([
  [['--version'], /^ospite \d+\.\d+\.\d+\n$/],
  [['--help'], /Usage: ospite .*run .*create .*serve /s],
  [['help', 'run'], /--memory MIB.*--until-serial REGEX.*Exit status/s],
  [['run', '--help'], /--memory MIB/],
  [['help', 'serve'], /--listen ADDRESS:PORT/],
])('explains itself: %j', async (args, pattern) => {
  const finished = await run(args);
  expect(finished).toMatchObject({ status: 0, stderr: '' });
  expect(finished.stdout).toMatch(pattern);
  const text = Buffer.from(finished.stdout, 'latin1').toString();
  for (const line of text.split('\n').filter((line) => !/^ {2}(ospite |\/)/.test(line)))
    expect(line.length).toBeLessThanOrEqual(80);
});

describe('ends a run', () => {
  it('with 0 once the serial port printed what was waited for', async () => {
    const guest = await startGuest(idle, ['--until-serial', 'REA.Y', '--timeout', '120']);
    expect(await guest.finished).toMatchObject({ status: 0, stdout: 'READY', stderr: '' });
  });

  it('with 0 once the screen shows what was waited for', async () => {
    const guest = await startGuest(idle, ['--serial', 'none', '--until-screen', 'Ospite', '--timeout', '120']);
    expect(await guest.finished).toMatchObject({ status: 0, stdout: '', stderr: '' });
  });

  it('with 124 when the time is over', async () => {
    const guest = await startGuest(busy, ['--timeout', '2']);
    expect(await guest.finished).toMatchObject({ status: 124, stderr: expect.stringContaining('--timeout') });
  });

  it('with 4 when the guest resets and may not', async () => {
    const guest = await startGuest(reset, ['--no-reboot', '--timeout', '120']);
    expect(await guest.finished).toMatchObject({ status: 4, stderr: expect.stringContaining('reset') });
  });

  it('not when the guest resets and may', async () => {
    const guest = await startGuest(reset, ['--until-serial', 'READYREADY', '--timeout', '120']);
    expect(await guest.finished).toMatchObject({ status: 0 });
  });

  it('with 3 at a triple fault', async () => {
    const guest = await startGuest(tripleFault, ['--timeout', '120']);
    expect(await guest.finished).toMatchObject({ status: 3, stderr: expect.stringMatching(/^ospite: .*triple fault/) });
  });

  it('and says so in JSON when asked', async () => {
    const guest = await startGuest(tripleFault, ['--json', '--timeout', '120']);
    const { stderr } = await guest.finished;
    expect(JSON.parse(stderr)).toMatchObject({ outcome: 'ended', status: 3, reason: 'tripleFault' });
  });

  it('quickly at Ctrl-C, and frees its disk', async () => {
    const guest = await startGuest(busy, []);
    await guest.printed(/READY/);
    const pressedAt = performance.now();
    const { status } = await guest.interrupt();
    expect(status).toBe(1);
    expect(performance.now() - pressedAt).toBeLessThan(5000);
    expect((await readdir(folder)).filter((name) => name.includes('lock'))).toEqual([]);
  });

  it('quietly when nobody reads its output any more', async () => {
    const guest = await startGuest(echo, []);
    await guest.printed(/READY/);
    guest.child.stdout!.destroy();
    guest.child.stdin!.write('something to print');
    const { status, stderr } = await guest.finished;
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
  });
});

it('writes counters and a picture', async () => {
  const guest = await startGuest(idle, ['--until-serial', 'READY', '--stats', 's.json', '--screenshot', 's.png']);
  expect(await guest.finished).toMatchObject({ status: 0 });
  const stats = JSON.parse(await readFile(join(folder, 's.json'), 'utf8')) as Record<string, number>;
  expect(stats).toMatchObject({ outcome: 'matched', ramBytes: 16 * 1_048_576 });
  expect(stats['instructions']).toBeGreaterThan(100);
  expect(stats['wallSeconds']).toBeGreaterThan(0);
  const png = await readFile(join(folder, 's.png'));
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  expect(png.readUInt32BE(16)).toBeGreaterThanOrEqual(320);
});

it('keeps the counters of a run that ended by itself', async () => {
  const guest = await startGuest(tripleFault, ['--stats', 's.json', '--timeout', '120']);
  await guest.finished;
  expect(JSON.parse(await readFile(join(folder, 's.json'), 'utf8'))).toMatchObject({
    outcome: 'ended',
    instructions: expect.any(Number),
  });
});

it('gives the guest what comes on standard input, even before the guest is up', async () => {
  const guest = await startGuest(echo, ['--until-serial', 'second', '--timeout', '120']);
  await guest.printed(/READY/);
  guest.child.stdin!.write('first, ');
  await guest.printed(/first, /);
  guest.child.stdin!.end('second');
  expect(await guest.finished).toMatchObject({ status: 0, stdout: 'READYfirst, second' });
});

it('writes serial output to a file', async () => {
  const guest = await startGuest(idle, ['--serial', 'file:out.txt', '--timeout', '6']);
  await guest.finished;
  expect(await readFile(join(folder, 'out.txt'), 'utf8')).toBe('READY');
});

it('serves one home once: a second one hands over to the first', async () => {
  const first = start(['serve', '--no-open']);
  const [, port] = await first.printed(/Ospite is at http:\/\/127\.0\.0\.1:(\d+)\/\?token=/);
  const second = await run(['serve', '--no-open']);
  expect(second).toMatchObject({ status: 0, stderr: '' });
  expect(second.stdout).toMatch(new RegExp(`^Ospite is at http://127\\.0\\.0\\.1:${port}/\\?token=`));
  const third = await run(['serve', '--no-open', '--json']);
  const { link } = JSON.parse(third.stdout) as { link: string };
  const entered = await fetch(link, { redirect: 'manual' });
  expect(entered.status).toBe(303);
  expect((await first.interrupt()).status).toBe(0);
  await expect(access(join(folder, 'home', 'machines.lock'))).rejects.toThrow();
  const fourth = start(['serve', '--no-open']);
  await fourth.printed(/Ospite is at/);
  expect((await fourth.interrupt()).status).toBe(0);
});
