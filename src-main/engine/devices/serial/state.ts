// Saved state of a serial port. Times are guest nanoseconds.
import type { DeviceState } from '../../bus/device.ts';
import { StateReader } from '../../bus/state-fields.ts';

export const SERIAL_STATE_VERSION = 1;
/** Bytes from the host that may wait for the guest. */
export const MAX_HOST_BACKLOG = 0x10000;

export interface SerialState {
  divisor: number;
  ier: number;
  fcr: number;
  lcr: number;
  mcr: number;
  lsrErrors: number;
  msr: number;
  scr: number;
  isThrePending: boolean;
  isTimeoutPending: boolean;
  receiveFifo: Uint8Array;
  transmitFifo: Uint8Array;
  hostBacklog: Uint8Array;
  nextReceiveNs: number | null;
  timeoutNs: number | null;
}

export function encodeSerialState(state: SerialState): DeviceState {
  return { version: SERIAL_STATE_VERSION, fields: { ...state } };
}

export function parseSerialState(state: DeviceState, id: string): SerialState {
  const reader = new StateReader(state, id, SERIAL_STATE_VERSION);
  return {
    divisor: reader.u16('divisor'),
    ier: reader.int('ier', 0, 0x0f),
    fcr: reader.u8('fcr'),
    lcr: reader.u8('lcr'),
    mcr: reader.int('mcr', 0, 0x1f),
    lsrErrors: reader.int('lsrErrors', 0, 0x1e),
    msr: reader.u8('msr'),
    scr: reader.u8('scr'),
    isThrePending: reader.boolean('isThrePending'),
    isTimeoutPending: reader.boolean('isTimeoutPending'),
    receiveFifo: reader.bytes('receiveFifo', { maxLength: 16 }),
    transmitFifo: reader.bytes('transmitFifo', { maxLength: 16 }),
    hostBacklog: reader.bytes('hostBacklog', { maxLength: MAX_HOST_BACKLOG }),
    nextReceiveNs: reader.numberOrNull('nextReceiveNs'),
    timeoutNs: reader.numberOrNull('timeoutNs'),
  };
}
