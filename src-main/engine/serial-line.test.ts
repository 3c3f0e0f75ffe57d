import { expect, it } from 'vitest';
import { settleAll } from '../../test/harness/temp-medium.ts';
import { SerialLine } from './serial-line.ts';

function line(): { line: SerialLine; sent: number[][] } {
  const sent: number[][] = [];
  return { line: new SerialLine((bytes) => sent.push([...bytes])), sent };
}

it('gathers the bytes of a turn of the event loop into one message', async () => {
  const { line: serial, sent } = line();
  serial.send(Uint8Array.of(1));
  serial.send(Uint8Array.of(2, 3));
  expect(sent).toEqual([]);
  await settleAll();
  expect(sent).toEqual([[1, 2, 3]]);
});

it('sends at once what would gather without bound, in order and without loss', async () => {
  const { line: serial, sent } = line();
  const bytes = Uint8Array.from({ length: 40_000 }, (_, index) => index % 251);
  serial.send(bytes);
  expect(sent.map((message) => message.length)).toEqual([16_384, 16_384]);
  await settleAll();
  expect(Buffer.from(sent.flat()).equals(bytes)).toBe(true);
});

it('sends what is left when it is flushed, and then nothing twice', async () => {
  const { line: serial, sent } = line();
  serial.send(Uint8Array.of(9));
  serial.flush();
  await settleAll();
  expect(sent).toEqual([[9]]);
});

it('hands messages over that later output does not change', () => {
  const messages: Uint8Array[] = [];
  const serial = new SerialLine((bytes) => messages.push(bytes));
  serial.send(Uint8Array.of(1));
  serial.flush();
  serial.send(Uint8Array.of(2));
  expect(messages[0]).toEqual(Uint8Array.of(1));
});

it('gives input to the port', () => {
  const { line: serial } = line();
  const received: number[] = [];
  serial.receive(Uint8Array.of(1)); // Nobody listens yet.
  serial.onReceive((bytes) => received.push(...bytes));
  serial.receive(Uint8Array.of(65, 66));
  expect(received).toEqual([65, 66]);
});
