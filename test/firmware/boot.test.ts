import { describe, expect, it } from 'vitest';
import { FirmwareMachine } from './firmware-machine.ts';

describe('embedded BIOS on the real core', () => {
  it('says why nothing boots', async () => {
    const machine = new FirmwareMachine();
    const found = await machine.run(() => machine.text().some((line) => line.includes('Press any key')), 5_000_000);
    console.log(
      machine.text().join('\n'),
      machine.cpu.rip.toString(16),
      machine.cpu.instructionCount,
      machine.hasShutDown,
    );
    expect(found).toBe(true);
  });
});
