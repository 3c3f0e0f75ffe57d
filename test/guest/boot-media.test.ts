// Unmodified systems from CD and floppy, on the embedded BIOS and under firmware files.
import { afterEach, describe, expect, it } from 'vitest';
import type { MachineSettingsInput } from '../../src-main/contract/machine.ts';
import { GUEST_LIMIT_MS, GuestRun } from '../harness/guest-run.ts';
import { guestFile, skipReason } from '../harness/guests.ts';

let run: GuestRun | null = null;
afterEach(async () => {
  await run?.stop();
  run = null;
});

/** A test that has its files, or skips with the reason in its name. */
function guestTest(title: string, files: string[], body: (paths: string[]) => Promise<void>): void {
  const paths = files.map(guestFile);
  const missing = files.find((_, index) => paths[index] === null);
  it.skipIf(missing !== undefined)(
    missing === undefined ? title : `${title} (skipped: ${skipReason(missing)})`,
    () => body(paths as string[]),
    GUEST_LIMIT_MS,
  );
}

function cdrom(path: string, more: MachineSettingsInput = {}): MachineSettingsInput {
  return { storage: [{ type: 'cdrom', bus: 'ide', path }], ...more };
}

/** Percentage of the pass and test number on memtest's screen. */
async function memtestProgress(guest: GuestRun): Promise<string> {
  const text = await guest.untilScreen(/Pass\s+\d+%[\s\S]*Test #\d+/);
  return /Pass\s+(\d+)%[\s\S]*?Test #(\d+)[\s\S]*?Testing: (.*)/.exec(text)!.slice(1).join(' ');
}

async function memtestRuns(guest: GuestRun): Promise<void> {
  const first = await memtestProgress(guest);
  await expect.poll(() => memtestProgress(guest), { timeout: GUEST_LIMIT_MS, interval: 200 }).not.toBe(first);
  expect((await guest.screen()).join('\n')).toMatch(/Errors: 0/);
}

describe('the embedded BIOS', () => {
  for (const name of ['memtest-x64.iso', 'memtest-ia32.iso']) {
    guestTest(`runs ${name} without errors`, [name], async ([iso]) => {
      run = await GuestRun.start(cdrom(iso!, { memoryMib: 64 }));
      await memtestRuns(run);
    });
  }

  guestTest('runs iPXE to its prompt', ['ipxe.iso'], async ([iso]) => {
    run = await GuestRun.start(cdrom(iso!, { memoryMib: 64 }));
    await run.untilScreen(/Press Ctrl-B/);
    run.press('ControlLeft', 'KeyB');
    await run.untilScreen(/^iPXE>/m);
    run.type('echo one two\n');
    await run.untilScreen(/iPXE> echo one two\s+one two/);
  });

  guestTest('runs GRUB from CD to its prompt, which answers keys', ['grub-cdrom.iso'], async ([iso]) => {
    run = await GuestRun.start(cdrom(iso!));
    await grubAnswers(run);
  });

  guestTest('runs GRUB from a floppy to its prompt, which answers keys', ['grub-floppy.img'], async ([image]) => {
    run = await GuestRun.start({ storage: [{ type: 'floppy', bus: 'floppy', path: image! }] });
    await grubAnswers(run);
  });

  for (const architecture of ['amd64', 'i386']) {
    guestTest(
      `runs Debian's ${architecture} installer CD to the language screen`,
      [`di-${architecture}-text.iso`],
      async ([iso]) => {
        run = await GuestRun.start(cdrom(iso!, { memoryMib: 1024 }));
        await run.untilScreen(/Select a language/);
      },
    );
  }

  it(
    'explains itself when nothing boots',
    async () => {
      run = await GuestRun.start({ memoryMib: 16 });
      expect(await run.untilScreen(/no .*(boot|medium|device)/i)).toMatch(/\S/);
    },
    GUEST_LIMIT_MS,
  );
});

async function grubAnswers(guest: GuestRun): Promise<void> {
  await guest.untilScreen(/GNU GRUB\s+version[\s\S]*Press enter to boot/);
  guest.type('c');
  await guest.untilScreen(/^grub>/m);
  // Key by key: a BIOS remembers fifteen, and GRUB reads them slowly.
  for (let length = 1; length <= 'echo 1+1'.length; length++) {
    const typed = 'echo 1+1'.slice(0, length);
    guest.type(typed.at(-1)!);
    await guest.untilScreen(new RegExp(`^grub> ${typed.replaceAll('+', '\\+').trimEnd()}`, 'm'));
  }
  guest.type('\n');
  await guest.untilScreen(/^grub> echo 1\+1\s+1\+1/m);
}

describe('SeaBIOS', () => {
  const files = ['firmware/bios-256k.bin', 'firmware/vgabios-stdvga.bin'];
  guestTest('runs memtest86+ from CD', [...files, 'memtest-x64.iso'], async ([firmware, , iso]) => {
    run = await GuestRun.start(cdrom(iso!, { memoryMib: 64, firmware: { kind: 'file', path: firmware! } }));
    await memtestRuns(run);
  });
  guestTest(
    "runs Debian's amd64 installer CD to the language screen",
    [...files, 'di-amd64-text.iso'],
    async ([firmware, , iso]) => {
      run = await GuestRun.start(cdrom(iso!, { memoryMib: 1024, firmware: { kind: 'file', path: firmware! } }));
      await run.untilScreen(/Select a language/);
    },
  );
});

describe('OVMF', () => {
  guestTest('reaches its shell', ['firmware/OVMF_CODE_4M.fd', 'firmware/OVMF_VARS_4M.fd'], async ([firmware]) => {
    run = await GuestRun.start({ memoryMib: 256, firmware: { kind: 'file', path: firmware! } });
    await run.untilSerial(/UEFI Interactive Shell/);
  });
});
