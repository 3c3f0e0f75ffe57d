// Two places where firmware talks to nobody in particular: the Bochs/QEMU debug console at port 402h, whose lines go to the machine's log, and
// the POST code port 80h, whose last value is kept for the inspector.
import type { Logger } from '../../core/logger.ts';
import type { PortIoHandler } from '../bus/device.ts';
import { ByteWidePorts } from '../bus/port-bus.ts';

const DEBUG_CONSOLE = 0x402;
/** Reading the port gives its own number's low byte and more: how firmware finds it. */
const DEBUG_CONSOLE_PRESENT = 0xe9;
const POST_PORT = 0x80;
const MAX_LINE = 512;

export class DebugPorts {
  readonly #log: Logger;
  readonly #line = new Uint8Array(MAX_LINE);
  #length = 0;
  /** The last POST code written. */
  postCode = 0;

  constructor(log: Logger, mapPorts: (base: number, count: number, handler: PortIoHandler) => void) {
    this.#log = log;
    mapPorts(
      DEBUG_CONSOLE,
      1,
      new ByteWidePorts(
        () => DEBUG_CONSOLE_PRESENT,
        (_port, value) => this.#put(value),
      ),
    );
    mapPorts(POST_PORT, 1, {
      read: () => this.postCode,
      write: (_port, _size, value) => {
        this.postCode = value & 0xff;
      },
    });
  }

  #put(byte: number): void {
    if (byte !== 0x0a && byte !== 0x0d) this.#line[this.#length++] = byte;
    if ((byte === 0x0a && this.#length > 0) || this.#length === MAX_LINE) {
      const text = String.fromCharCode(...this.#line.subarray(0, this.#length));
      this.#length = 0;
      this.#log.log('debug', `firmware: ${text.replace(/[^\x20-\x7e]/g, '.')}`);
    }
  }
}
