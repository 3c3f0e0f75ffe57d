import { expect, it } from 'vitest';
import { Emitter } from './emitter.ts';

const create = () => new Emitter<{ count: number; text: string }>();

it('calls the listeners of the event in the order they came', () => {
  const emitter = create();
  const heard: string[] = [];
  emitter.on('count', (count) => heard.push(`a${count}`));
  emitter.on('count', (count) => heard.push(`b${count}`));
  emitter.on('text', (text) => heard.push(text));
  emitter.emit('count', 1);
  expect(heard).toEqual(['a1', 'b1']);
});

it('lets nobody hear it whom nobody told', () => {
  expect(() => create().emit('text', 'x')).not.toThrow();
});

it('stops calling after dispose', () => {
  const emitter = create();
  const heard: number[] = [];
  const subscription = emitter.on('count', (count) => heard.push(count));
  emitter.emit('count', 1);
  subscription.dispose();
  subscription.dispose();
  emitter.emit('count', 2);
  expect(heard).toEqual([1]);
});

it('does not call who was disposed of by an earlier listener of the same event', () => {
  const emitter = create();
  const heard: string[] = [];
  emitter.on('count', () => second.dispose());
  const second = emitter.on('count', () => heard.push('second'));
  emitter.emit('count', 1);
  expect(heard).toEqual([]);
});

it('calls who comes during an event from the next one on', () => {
  const emitter = create();
  const heard: number[] = [];
  emitter.on('count', () => emitter.on('count', (count) => heard.push(count)));
  emitter.emit('count', 1);
  expect(heard).toEqual([]);
  emitter.emit('count', 2);
  expect(heard).toEqual([2]);
});

it('calls everybody before it throws the first error', () => {
  const emitter = create();
  const heard: string[] = [];
  emitter.on('text', () => {
    throw new Error('first');
  });
  emitter.on('text', () => {
    throw new Error('second');
  });
  emitter.on('text', (text) => heard.push(text));
  expect(() => emitter.emit('text', 'all')).toThrow('first');
  expect(heard).toEqual(['all']);
});
