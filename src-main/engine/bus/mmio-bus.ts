// Guest-physical ranges that are answered by code instead of memory. Mappings change rarely and are read constantly, so they
// are flattened into sorted, disjoint segments; a lookup tries the last hit, then bisects. The newest of overlapping
// mappings wins. Unclaimed reads give ones, unclaimed writes vanish.
import type { Mapping, MmioHandler } from './device.ts';
import { openBus } from './port-bus.ts';

interface MmioRange {
  readonly base: number;
  readonly end: number;
  readonly handler: MmioHandler;
  /** Ranges of a lower layer lose to all of a higher one, whatever their age. */
  readonly layer: number;
}

interface MmioSegment {
  readonly start: number;
  readonly end: number;
  readonly range: MmioRange;
}

const nothing: MmioSegment = {
  start: 0,
  end: 0,
  range: { base: 0, end: 0, handler: { read: (_offset, size) => openBus(size), write() {} }, layer: 0 },
};

export class MmioBus {
  readonly #ranges: MmioRange[] = [];
  #segments: MmioSegment[] = [];
  #last: MmioSegment = nothing;

  /** Layer 0 is for what lies underneath ordinary devices (firmware shadow writes); 1 for devices. */
  map(gpa: number, lengthBytes: number, handler: MmioHandler, layer = 1): Mapping {
    const range: MmioRange = { base: gpa, end: gpa + lengthBytes, handler, layer };
    const index = this.#ranges.findIndex((other) => other.layer > layer);
    this.#ranges.splice(index < 0 ? this.#ranges.length : index, 0, range);
    this.#flatten();
    return {
      remove: () => {
        const at = this.#ranges.indexOf(range);
        if (at < 0) return;
        this.#ranges.splice(at, 1);
        this.#flatten();
      },
    };
  }

  read(gpa: number, size: number): number {
    const segment = this.#find(gpa);
    return segment === nothing ? openBus(size) : segment.range.handler.read(gpa - segment.range.base, size) >>> 0;
  }

  write(gpa: number, size: number, value: number): void {
    const segment = this.#find(gpa);
    if (segment !== nothing) segment.range.handler.write(gpa - segment.range.base, size, value);
  }

  #find(gpa: number): MmioSegment {
    const last = this.#last;
    if (gpa >= last.start && gpa < last.end) return last;
    const segments = this.#segments;
    let low = 0;
    let high = segments.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const segment = segments[middle]!;
      if (gpa < segment.start) high = middle - 1;
      else if (gpa >= segment.end) low = middle + 1;
      else {
        this.#last = segment;
        return segment;
      }
    }
    return nothing;
  }

  #flatten(): void {
    const edges = [...new Set(this.#ranges.flatMap((range) => [range.base, range.end]))].sort((a, b) => a - b);
    const segments: MmioSegment[] = [];
    for (let i = 0; i + 1 < edges.length; i++) {
      const start = edges[i]!;
      const end = edges[i + 1]!;
      const range = this.#ranges.findLast((candidate) => candidate.base <= start && candidate.end >= end);
      if (range) segments.push({ start, end, range });
    }
    this.#segments = segments;
    this.#last = nothing;
  }
}
