// What every network mode must do with two or three adapters plugged in: carry frames between those of one network, to nobody
// else, and vanish without a trace. New modes are covered by being listed.
import { describe, expect, it } from 'vitest';
import type { FrameBackend } from '../../src-main/core/backends/frame.ts';
import { SwitchFabric } from '../../src-main/network/fabric.ts';
import type { NetworkModeModule } from '../../src-main/network/mode-module.ts';
import { type NetworkModeId, networkModes } from '../../src-main/network/registry.ts';
import { ageingTimeNs } from '../../src-main/network/switch.ts';
import { FakeClock } from '../harness/fake-clock.ts';

const broadcast = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
const addressOf = (station: number): number[] => [0x08, 0x00, 0x27, 0, 0, station];

function frame(to: readonly number[], from: readonly number[], payload: readonly number[] = [1]): Uint8Array {
  return Uint8Array.from([...to, ...from, 0x88, 0xb5, ...payload]);
}

interface Station {
  port: FrameBackend;
  received: number[][];
}

class Lab {
  readonly clock = new FakeClock();
  readonly fabric = new SwitchFabric(this.clock);
  readonly mode: NetworkModeModule;

  constructor(id: NetworkModeId) {
    this.mode = networkModes[id];
  }

  station(name: string, options: object = {}): Station {
    const config = this.mode.config.parse({ mode: this.mode.id, ...options });
    const station: Station = { port: this.mode.attach(config, name, this.fabric), received: [] };
    station.port.onReceive((bytes) => station.received.push([...bytes]));
    return station;
  }
}

describe.each(Object.keys(networkModes) as NetworkModeId[])('network mode %s', (id) => {
  it('accepts an empty configuration but refuses unknown fields', () => {
    const { config } = networkModes[id];
    expect(config.safeParse({ mode: id }).success).toBe(true);
    expect(config.safeParse({ mode: id, surprise: 1 }).success).toBe(false);
  });

  it('carries broadcasts to all others, and not back', () => {
    const lab = new Lab(id);
    const [a, b, c] = ['a', 'b', 'c'].map((name) => lab.station(name)) as [Station, Station, Station];
    const sent = frame(broadcast, addressOf(1));
    a.port.send(sent);
    expect([a.received, b.received, c.received]).toEqual([[], [[...sent]], [[...sent]]]);
  });

  it('carries unicast to its owner alone once it has been heard', () => {
    const lab = new Lab(id);
    const [a, b, c] = ['a', 'b', 'c'].map((name) => lab.station(name)) as [Station, Station, Station];
    b.port.send(frame(broadcast, addressOf(2)));
    a.port.send(frame(addressOf(2), addressOf(1)));
    expect([a.received.length, b.received.length, c.received.length]).toEqual([1, 1, 1]);
    c.port.send(frame(addressOf(1), addressOf(3)));
    expect([a.received.length, b.received.length]).toEqual([2, 1]);
  });

  it('finds a station again that moved to another adapter', () => {
    const lab = new Lab(id);
    const [a, b, c] = ['a', 'b', 'c'].map((name) => lab.station(name)) as [Station, Station, Station];
    b.port.send(frame(broadcast, addressOf(9)));
    c.port.send(frame(broadcast, addressOf(9)));
    a.port.send(frame(addressOf(9), addressOf(1)));
    expect([b.received.length, c.received.length]).toEqual([1, 2]);
  });

  it('forgets a silent station and floods again', () => {
    const lab = new Lab(id);
    const [a, b, c] = ['a', 'b', 'c'].map((name) => lab.station(name)) as [Station, Station, Station];
    b.port.send(frame(broadcast, addressOf(2)));
    lab.clock.advance(ageingTimeNs + 1);
    a.port.send(frame(addressOf(2), addressOf(1)));
    expect([b.received.length, c.received.length]).toEqual([1, 2]);
  });

  it('drops frames that are too short, too long or from a group address', () => {
    const lab = new Lab(id);
    const [a, b] = [lab.station('a'), lab.station('b')];
    a.port.send(new Uint8Array(0));
    a.port.send(new Uint8Array(13));
    a.port.send(frame(broadcast, addressOf(1), new Array<number>(9019).fill(0)));
    a.port.send(frame(broadcast, broadcast));
    expect(b.received).toEqual([]);
  });

  it('ends a storm of stations that answer at once', () => {
    const lab = new Lab(id);
    const [a, b] = [lab.station('a'), lab.station('b')];
    let answers = 0;
    const answer = (station: Station, own: number, other: number): void => {
      station.port.onReceive(() => {
        answers++;
        station.port.send(frame(addressOf(other), addressOf(own)));
        station.port.send(frame(broadcast, addressOf(own)));
      });
    };
    answer(a, 1, 2);
    answer(b, 2, 1);
    a.port.send(frame(broadcast, addressOf(1)));
    expect(answers).toBeGreaterThan(1);
    expect(answers).toBeLessThan(10_000);
    b.port.onReceive((bytes) => b.received.push([...bytes]));
    a.port.onReceive(() => {});
    a.port.send(frame(broadcast, addressOf(1)));
    expect(b.received.length).toBe(1);
  });

  it('keeps at most some thousand addresses of a station that invents them', () => {
    const lab = new Lab(id);
    const [a, b] = [lab.station('a'), lab.station('b')];
    b.port.send(frame(broadcast, addressOf(2)));
    const received = b.received.length;
    for (let i = 0; i < 10_000; i++) a.port.send(frame(addressOf(2), [2, 0, 0, i >> 16, (i >> 8) & 0xff, i & 0xff]));
    expect(b.received.length - received).toBe(10_000);
    for (const name of lab.fabric.names(id)) expect(lab.fabric.switchFor(id, name).learnedCount).toBeLessThan(5000);
  });

  it('separates differently named networks', () => {
    const lab = new Lab(id);
    const a = lab.station('a', { network: 'red' });
    const b = lab.station('b', { network: 'blue' });
    a.port.send(frame(broadcast, addressOf(1)));
    expect(b.received).toEqual([]);
    expect(lab.fabric.names(id).toSorted()).toEqual(['blue', 'red']);
  });

  it('is silent after an adapter was unplugged, and gone after the last', () => {
    const lab = new Lab(id);
    const [a, b] = [lab.station('a'), lab.station('b')];
    b.port.send(frame(broadcast, addressOf(2)));
    b.port.close();
    b.port.close();
    a.port.send(frame(addressOf(2), addressOf(1)));
    b.port.send(frame(broadcast, addressOf(2)));
    expect([a.received.length, b.received.length]).toEqual([1, 0]);
    a.port.close();
    expect(lab.fabric.names(id)).toEqual([]);
  });
});
