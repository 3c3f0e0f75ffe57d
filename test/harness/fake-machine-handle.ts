// A machine handle that runs nothing: records what it is asked and lets the test speak for the guest.
import { Emitter } from '../../src-main/core/emitter.ts';
import type { MachineEnd, MachineHandle } from '../../src-main/engine/handle.ts';
import type { DisplayFrame, PointerMode } from '../../src-main/engine/protocol.ts';

export class FakeMachineHandle extends Emitter<{
  state: 'running' | 'paused';
  frame: DisplayFrame;
  serial: { port: number; bytes: Uint8Array };
  ended: MachineEnd;
  leds: number;
  pointerMode: PointerMode;
}> {
  readonly accelerator = { id: 'interpreter', reason: 'test' } as const;
  readonly asked: unknown[] = [];
  end: MachineEnd | null = null;
  isPaused = false;
  hearsPowerButton = true;

  pause(): void {
    this.isPaused = true;
    this.emit('state', 'paused');
  }
  resume(): void {
    this.isPaused = false;
    this.emit('state', 'running');
  }
  reset(): void {
    this.asked.push('reset');
  }
  powerButton(): void {
    this.asked.push('powerButton');
  }
  powerOff(): Promise<void> {
    this.finish({ reason: 'stopped', message: '', stats: null, screen: null });
    return Promise.resolve();
  }
  key(event: unknown): void {
    this.asked.push(event);
  }
  pointer(event: unknown): void {
    this.asked.push(event);
  }
  pointerAbsolute(event: unknown): void {
    this.asked.push(event);
  }
  setCpuCap(percent: number): void {
    this.asked.push({ cap: percent });
  }
  serialInput(port: number, bytes: Uint8Array): void {
    this.asked.push({ port, bytes: [...bytes] });
  }
  changeMedium(attachment: number, path: string | null): Promise<void> {
    this.asked.push({ attachment, path });
    return Promise.resolve();
  }
  watchDisplay(isWatched: boolean): void {
    this.asked.push({ isWatched });
  }
  frameShown(): void {
    this.asked.push('frameShown');
  }
  screenshot(): Promise<{ width: number; height: number; rgba: Uint8Array }> {
    return Promise.resolve({ width: 2, height: 1, rgba: new Uint8Array([255, 0, 0, 255, 0, 0, 255, 255]) });
  }
  textScreen(): Promise<null> {
    return Promise.resolve(null);
  }
  stats(): Promise<object> {
    return Promise.resolve({
      accelerator: 'interpreter',
      acceleratorReason: 'test',
      instructions: 5_000_000,
      cpuSeconds: 1,
      wallSeconds: 2,
      haltedSeconds: 1,
      threadSeconds: 1,
      exits: 10,
      interrupts: 5,
      ramBytes: 16 * 1_048_576,
      diskReadBytes: 0,
      diskWriteBytes: 0,
      hearsPowerButton: this.hearsPowerButton,
    });
  }
  ended(): Promise<MachineEnd> {
    if (this.end) return Promise.resolve(this.end);
    return new Promise((resolve) => {
      this.on('ended', resolve);
    });
  }
  finish(end: MachineEnd): void {
    this.end = end;
    this.emit('ended', end);
  }

  asHandle(): MachineHandle {
    return this as unknown as MachineHandle;
  }
}
