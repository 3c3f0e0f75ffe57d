// What every part of the firmware works with: the processor, memory both ways, ports, time, and the machine's facts.
import type { Clock } from '../../core/clock.ts';
import type { Logger } from '../../core/logger.ts';
import type { FirmwareCpu, FirmwareMemory } from './firmware-cpu.ts';
import type { LinearMemory } from './linear-memory.ts';
import type { MachineDescription } from './machine-description.ts';
import type { SystemRom } from './rom.ts';

/** Port I/O as the guest would do it. Sizes 1, 2, 4. */
export interface FirmwarePorts {
  read(port: number, size: number): number;
  write(port: number, size: number, value: number): void;
}

export interface FirmwareContext {
  readonly machine: MachineDescription;
  readonly cpu: FirmwareCpu;
  /** Guest-physical memory. */
  readonly memory: FirmwareMemory;
  /** As the caller addresses it. */
  readonly linear: LinearMemory;
  readonly ports: FirmwarePorts;
  readonly clock: Clock;
  readonly log: Logger;
  readonly rom: SystemRom;
}
