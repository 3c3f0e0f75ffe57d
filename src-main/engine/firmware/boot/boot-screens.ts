// What the firmware draws before an operating system: banner, F12 menu, and why nothing boots.
import type { MachineDescription } from '../machine-description.ts';
import { findVideoMode } from '../video/modes.ts';
import type { Screen } from '../video/screen.ts';

const NORMAL = 0x07;
const BRIGHT = 0x0f;
const DIM = 0x08;
const ACCENT = 0x0b;
const SELECTED = 0x1f;
const WARNING = 0x0e;
const COLUMNS = 80;

export interface BootAttempt {
  label: string;
  reason: string;
}

export function sizeText(bytes: number): string {
  const units = ['KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes / 1024;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${value >= 100 ? Math.round(value) : Math.round(value * 10) / 10} ${units[unit]}`;
}

function clear(screen: Screen): void {
  screen.setMode(findVideoMode(3)!, false);
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

export function drawBanner(screen: Screen, machine: MachineDescription, drives: string[], hasPrompt: boolean): void {
  const memory = sizeText(machine.lowMemoryBytes + machine.highMemoryBytes);
  const cpus = machine.vcpuCount === 1 ? '1 processor' : `${machine.vcpuCount} processors`;
  screen.print(`Ospite ${machine.version}`, ACCENT);
  screen.print(`   ${memory} memory, ${cpus}\n`, NORMAL);
  for (const drive of drives.slice(0, 12)) screen.print(`  ${drive.slice(0, COLUMNS - 3)}\n`, DIM);
  if (hasPrompt) screen.print('\nPress F12 for the boot menu.\n', NORMAL);
  screen.print('\n', NORMAL);
}

export function drawMenu(screen: Screen, entries: string[], selected: number): void {
  clear(screen);
  screen.print('\n  Boot menu\n\n', BRIGHT);
  entries.forEach((entry, index) => {
    const text = `  ${index < 9 ? index + 1 : ' '}  ${entry}`.slice(0, COLUMNS - 6).padEnd(COLUMNS - 6);
    screen.print('  ', NORMAL);
    screen.print(text, index === selected ? SELECTED : NORMAL);
    screen.print('\n', NORMAL);
  });
  screen.print('\n  Up, Down choose   Enter boots   Esc boots in the usual order\n', DIM);
  screen.setCursorShape(0x2000);
}

export function drawNothingBoots(screen: Screen, attempts: BootAttempt[]): void {
  clear(screen);
  screen.print('\n  This machine found nothing to boot from.\n\n', WARNING);
  if (attempts.length === 0) screen.print('  It has no disk, no disc, no floppy and no network boot.\n', NORMAL);
  for (const attempt of attempts.slice(0, 8)) {
    screen.print(`  ${attempt.label}\n`.slice(0, COLUMNS - 1), BRIGHT);
    for (const line of wrap(`${attempt.reason}.`, COLUMNS - 8)) screen.print(`      ${line}\n`, NORMAL);
  }
  screen.print('\n  What to do\n', BRIGHT);
  const advice = [
    'Insert an installation disc (ISO) or attach a disk that holds a system.',
    "Check the boot order in the machine's settings, or press F12 for the boot menu.",
  ];
  for (const line of advice.flatMap((text) => wrap(text, COLUMNS - 8))) screen.print(`      ${line}\n`, NORMAL);
  screen.print('\n  Press any key to try again.\n', ACCENT);
}
