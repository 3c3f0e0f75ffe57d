// Sends keys and pointer reports to the machine. Sent while it is off, or ends, they mean nothing; a notice for each would.
import type { KeyEvent } from '../../../src-main/contract/methods.ts';
import { client } from '../../client/client.ts';
import { combination } from '../../display/keyboard.ts';

export function sendKeys(id: string, events: KeyEvent[]): void {
  void client.call('machine.keys', { id, events }).catch(() => {});
}

export function pressTogether(id: string, ...codes: string[]): void {
  sendKeys(id, combination(codes));
}
