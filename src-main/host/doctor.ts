// What works on this host, what does not, why, and what to do about it: one check a line.
import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { freemem, totalmem, userInfo } from 'node:os';
import { join } from 'node:path';
import { MEMORY_MAX_MIB } from '../contract/machine.ts';
import type { DoctorCheck } from '../contract/methods/host.ts';
import { type AcceleratorReport, probeAccelerators } from './accelerators.ts';
import { findChromium, hasGraphicalSession } from './browser-window.ts';
import { findElectron } from './electron-binary.ts';

export interface DoctorOptions {
  home: string;
  machineFolder: string;
  /** Sentences about files of the home that could not be used. */
  problems: readonly string[];
}

const GIB = 2 ** 30;
const LOW_DISK_BYTES = 5 * GIB;
const LOW_MEMORY_BYTES = GIB;

/** Where distributions put firmware images, by what they are. */
const FIRMWARE = {
  seabios: [
    '/usr/share/seabios/bios-256k.bin',
    '/usr/share/qemu/bios-256k.bin',
    '/usr/share/seavgabios/bios-256k.bin',
    '/opt/homebrew/share/qemu/bios-256k.bin',
    '/usr/local/share/qemu/bios-256k.bin',
    'C:\\Program Files\\qemu\\share\\bios-256k.bin',
  ],
  ovmf: [
    '/usr/share/OVMF/OVMF_CODE_4M.fd',
    '/usr/share/OVMF/OVMF_CODE.fd',
    '/usr/share/edk2/x64/OVMF_CODE.4m.fd',
    '/usr/share/edk2/ovmf/OVMF_CODE.fd',
    '/usr/share/qemu/ovmf-x86_64-code.bin',
    '/opt/homebrew/share/qemu/edk2-x86_64-code.fd',
    '/usr/local/share/qemu/edk2-x86_64-code.fd',
    'C:\\Program Files\\qemu\\share\\edk2-x86_64-code.fd',
  ],
} as const;

/** Never throws: what cannot be found out is told as such. */
export async function examineHost(options: DoctorOptions): Promise<DoctorCheck[]> {
  return [
    ...probeAccelerators().map(acceleratorCheck),
    kvmDeviceCheck(),
    webAssemblyCheck(),
    memoryCheck(),
    await diskCheck(options.machineFolder),
    homeCheck(options.home),
    filesCheck(options.problems),
    desktopCheck(),
    browserCheck(),
    firmwareCheck(
      'firmware.seabios',
      'SeaBIOS image',
      FIRMWARE.seabios,
      'The embedded BIOS runs machines without it.',
      'Install the package "seabios", or choose an image file in the machine’s settings.',
    ),
    firmwareCheck(
      'firmware.ovmf',
      'UEFI firmware (OVMF)',
      FIRMWARE.ovmf,
      'UEFI-only systems cannot start without it.',
      'Install the package "ovmf" (edk2), or choose an image file in the machine’s settings.',
    ),
    networkCheck(),
  ];
}

function acceleratorCheck({ id, isAvailable, reason }: AcceleratorReport): DoctorCheck {
  const titles = { kvm: 'Accelerator: KVM', jit: 'Accelerator: translator', interpreter: 'Accelerator: interpreter' };
  return {
    id: `accelerator.${id}`,
    title: titles[id],
    status: isAvailable ? 'ok' : 'missing',
    explanation: sentence(reason),
    remedy: isAvailable || id !== 'kvm' ? '' : kvmRemedy(),
  };
}

/** Hardware assistance as the host offers it, whatever this version makes of it. */
function kvmDeviceCheck(): DoctorCheck {
  const check = { id: 'kvm.device', title: 'Hardware virtualization of this host' };
  if (process.platform !== 'linux')
    return {
      ...check,
      status: 'missing',
      explanation: 'KVM is a part of Linux; this host has another system.',
      remedy: '',
    };
  const remedy = kvmRemedy();
  if (!exists('/dev/kvm')) return { ...check, status: 'missing', explanation: 'There is no /dev/kvm.', remedy };
  if (!isAccessible('/dev/kvm', constants.R_OK | constants.W_OK))
    return { ...check, status: 'limited', explanation: 'You may not use /dev/kvm.', remedy };
  return hasProcessorFlag()
    ? {
        ...check,
        status: 'ok',
        explanation: 'The processor has VT-x or AMD-V, and /dev/kvm is yours to use.',
        remedy: '',
      }
    : {
        ...check,
        status: 'limited',
        explanation: '/dev/kvm is there, but the processor shows neither VT-x nor AMD-V.',
        remedy,
      };
}

function kvmRemedy(): string {
  if (process.platform !== 'linux') return '';
  if (!hasProcessorFlag())
    return 'Turn on VT-x or AMD-V in the firmware of this computer; inside a virtual machine, turn on nested virtualization for it.';
  if (!exists('/dev/kvm')) return 'sudo modprobe kvm_intel || sudo modprobe kvm_amd';
  if (!isAccessible('/dev/kvm', constants.R_OK | constants.W_OK))
    return `sudo usermod -aG kvm ${userName()}   (then log out and in again)`;
  return '';
}

function webAssemblyCheck(): DoctorCheck {
  const check = { id: 'webassembly', title: 'WebAssembly' };
  try {
    // Address space only: pages are given out when a guest touches them.
    new WebAssembly.Memory({ initial: 1, maximum: 65_536, shared: true });
    return {
      ...check,
      status: 'ok',
      explanation: `Shared memories of 4 GiB can be had: machines may have up to ${MEMORY_MAX_MIB} MiB of RAM.`,
      remedy: '',
    };
  } catch (error) {
    return {
      ...check,
      status: 'limited',
      explanation: `A shared memory of 4 GiB is refused (${(error as Error).message}).`,
      remedy: 'ulimit -v unlimited',
    };
  }
}

function memoryCheck(): DoctorCheck {
  const isLow = freemem() < LOW_MEMORY_BYTES;
  return {
    id: 'memory',
    title: 'Memory of this host',
    status: isLow ? 'limited' : 'ok',
    explanation: `${gib(freemem())} of ${gib(totalmem())} are free.`,
    remedy: isLow ? 'Close other programs, or give machines less memory.' : '',
  };
}

async function diskCheck(folder: string): Promise<DoctorCheck> {
  const check = { id: 'disk', title: 'Space for machines' };
  const free = await freeBytes(folder);
  if (free === null)
    return {
      ...check,
      status: 'missing',
      explanation: `The folder for new machines, ${folder}, cannot be examined.`,
      remedy: 'Choose another folder in the preferences.',
    };
  const isLow = free < LOW_DISK_BYTES;
  return {
    ...check,
    status: isLow ? 'limited' : 'ok',
    explanation: `${gib(free)} are free in ${folder}.`,
    remedy: isLow ? 'Free some space, or choose a folder on another disk in the preferences.' : '',
  };
}

/** Bytes that this user may still write there, or null; the folder may not have been made yet. */
export async function freeBytes(folder: string): Promise<number | null> {
  for (let at = folder; ; ) {
    const found = await statfs(at).catch(() => null);
    if (found) return found.bavail * found.bsize;
    const parent = join(at, '..');
    if (parent === at) return null;
    at = parent;
  }
}

function homeCheck(home: string): DoctorCheck {
  const check = { id: 'home', title: 'Home of Ospite' };
  const info = statSync(home, { throwIfNoEntry: false });
  if (!info?.isDirectory() || !isAccessible(home, constants.R_OK | constants.W_OK | constants.X_OK))
    return {
      ...check,
      status: 'missing',
      explanation: `${home} cannot be written to.`,
      remedy: 'Change its rights, or set OSPITE_HOME to a folder of yours.',
    };
  if (process.platform !== 'win32' && (info.mode & 0o077) !== 0)
    return {
      ...check,
      status: 'limited',
      explanation: `${home} holds your machines and can be entered by other users of this computer.`,
      remedy: `chmod 700 '${home.replaceAll("'", "'\\''")}'`,
    };
  return { ...check, status: 'ok', explanation: `${home} is yours alone.`, remedy: '' };
}

function filesCheck(problems: readonly string[]): DoctorCheck {
  return {
    id: 'files',
    title: 'Files of Ospite',
    status: problems.length === 0 ? 'ok' : 'limited',
    explanation:
      problems.length === 0
        ? 'All of them can be read.'
        : `${problems.map(sentence).join(' ')} Until then defaults are used.`,
    remedy: problems.length === 0 ? '' : 'Mend the file by hand; the next change puts it aside as ".damaged".',
  };
}

function desktopCheck(): DoctorCheck {
  const electron = findElectron();
  return {
    id: 'desktop',
    title: 'Desktop windows (Electron)',
    status: electron.path === null ? 'limited' : 'ok',
    explanation:
      electron.path === null
        ? `Electron is not available: ${electron.reason}. The browser shows the same windows.`
        : `Electron is at ${electron.path}.`,
    remedy: electron.path === null ? 'npx install-electron' : '',
  };
}

function browserCheck(): DoctorCheck {
  const check = { id: 'browser', title: 'Browser windows' };
  if (!hasGraphicalSession())
    return {
      ...check,
      status: 'limited',
      explanation: 'There is no graphical session here: links have to be opened by hand, from this computer.',
      remedy: 'ospite serve',
    };
  const chromium = findChromium();
  return chromium === null
    ? {
        ...check,
        status: 'limited',
        explanation: 'Windows open as tabs of your default browser, which may keep some keys for itself.',
        remedy: 'Install Chromium, Chrome, Edge or Brave.',
      }
    : { ...check, status: 'ok', explanation: `Windows open in ${chromium}.`, remedy: '' };
}

function firmwareCheck(
  id: string,
  title: string,
  places: readonly string[],
  consequence: string,
  remedy: string,
): DoctorCheck {
  const found = places.filter(exists);
  return found.length > 0
    ? { id, title, status: 'ok', explanation: `Found: ${found.join(', ')}.`, remedy: '' }
    : { id, title, status: 'limited', explanation: `None was found in the usual places. ${consequence}`, remedy };
}

function networkCheck(): DoctorCheck {
  return {
    id: 'network',
    title: 'Network of machines',
    status: 'missing',
    explanation: 'Network adapters (NAT, bridged, internal, host-only) are not in this version.',
    remedy: '',
  };
}

function hasProcessorFlag(): boolean {
  try {
    return /^flags\s*:.*\b(vmx|svm)\b/m.test(readFileSync('/proc/cpuinfo', 'utf8'));
  } catch {
    return false;
  }
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return '$USER'; // A user without an entry in the system's list, as in some containers.
  }
}

function exists(path: string): boolean {
  return isAccessible(path, constants.F_OK);
}

function isAccessible(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}

function gib(bytes: number): string {
  return `${(bytes / GIB).toFixed(1)} GiB`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
}
