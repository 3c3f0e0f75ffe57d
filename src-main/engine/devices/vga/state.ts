// Saved state of the VGA: registers by name and video memory without its trailing zeroes.
import { OspiteError } from '../../../core/errors.ts';
import type { DeviceState, StateValue } from '../../bus/device.ts';
import type { VgaRegisters } from './registers.ts';

export const vgaStateVersion = 1;

const byteRegisters = [
  'misc',
  'featureControl',
  'videoEnable',
  'sequencerIndex',
  'crtcIndex',
  'graphicsIndex',
  'attributeIndex',
  'dacMask',
  'dacReadIndex',
  'dacWriteIndex',
  'dacState',
] as const;
const registerFiles = ['sequencer', 'crtc', 'graphics', 'attribute', 'dac', 'dacPending'] as const;

export interface VgaState {
  registers: VgaRegisters;
  latch: number;
  memory: Uint8Array;
}

function trimmed(memory: Uint8Array): Uint8Array {
  const words = new Uint32Array(memory.buffer, memory.byteOffset, memory.length >>> 2);
  let count = words.length;
  while (count > 0 && words[count - 1] === 0) count--;
  return Uint8Array.from(memory.subarray(0, count * 4));
}

export function saveVga(state: VgaState): DeviceState {
  const { registers } = state;
  const fields: { [name: string]: StateValue } = {
    isAttributeData: registers.isAttributeData,
    dacComponent: registers.dacComponent,
    dispiIndex: registers.dispiIndex,
    dispi: Array.from(registers.dispi),
    latch: state.latch,
    videoMemoryBytes: state.memory.length,
    videoMemory: trimmed(state.memory),
  };
  for (const name of byteRegisters) fields[name] = registers[name];
  for (const name of registerFiles) fields[name] = Uint8Array.from(registers[name]);
  return { version: vgaStateVersion, fields };
}

function incompatible(what: string): OspiteError {
  return new OspiteError('state.incompatible', `The saved state of the VGA adapter does not fit: ${what}.`, {
    details: { device: 'vga' },
  });
}

function wholeNumber(fields: DeviceState['fields'], name: string, max: number): number {
  const value = fields[name];
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > max) throw incompatible(name);
  return value;
}

function byteArray(fields: DeviceState['fields'], name: string, min: number, max: number): Uint8Array {
  const value = fields[name];
  if (!(value instanceof Uint8Array) || value.length < min || value.length > max) throw incompatible(name);
  return value;
}

/**
 * Puts a saved state into `state` and returns the latches. Nothing is changed unless all of it is valid.
 * @throws {OspiteError} state.incompatible
 */
export function restoreVga(saved: DeviceState, state: Omit<VgaState, 'latch'>): number {
  if (saved.version !== vgaStateVersion) throw incompatible(`version ${saved.version}`);
  const { fields } = saved;
  const { registers, memory } = state;
  if (wholeNumber(fields, 'videoMemoryBytes', 2 ** 32) !== memory.length) throw incompatible('video memory size');
  const picture = byteArray(fields, 'videoMemory', 0, memory.length);
  const bytes = byteRegisters.map((name) => [name, wholeNumber(fields, name, 0xff)] as const);
  const files = registerFiles.map((name) => {
    const length = registers[name].length;
    return [name, byteArray(fields, name, length, length)] as const;
  });
  const dispi = fields['dispi'];
  if (!Array.isArray(dispi) || dispi.length !== registers.dispi.length) throw incompatible('dispi');
  if (!dispi.every((value) => typeof value === 'number')) throw incompatible('dispi');
  const isAttributeData = fields['isAttributeData'];
  if (typeof isAttributeData !== 'boolean') throw incompatible('isAttributeData');
  const dacComponent = wholeNumber(fields, 'dacComponent', 2);
  const dispiIndex = wholeNumber(fields, 'dispiIndex', 0xffff);
  const latch = wholeNumber(fields, 'latch', 0xffffffff);

  for (const [name, value] of bytes) registers[name] = value;
  for (const [name, file] of files) registers[name].set(file);
  registers.dispi.set(dispi as number[]);
  registers.isAttributeData = isAttributeData;
  registers.dacComponent = dacComponent;
  registers.dispiIndex = dispiIndex;
  memory.set(picture);
  memory.fill(0, picture.length);
  return latch;
}
