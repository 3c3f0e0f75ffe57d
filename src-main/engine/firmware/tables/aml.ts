// A builder for ACPI machine language: terms as byte arrays, composed from the inside out. [ACPI-6.5 §20]
// Only the operators that our DSDT uses.

export type Aml = number[];

const ZERO_OP = 0x00;
const ONE_OP = 0x01;
const NAME_OP = 0x08;
const BYTE_PREFIX = 0x0a;
const WORD_PREFIX = 0x0b;
const DWORD_PREFIX = 0x0c;
const SCOPE_OP = 0x10;
const BUFFER_OP = 0x11;
const PACKAGE_OP = 0x12;
const METHOD_OP = 0x14;
const DUAL_NAME_PREFIX = 0x2e;
const MULTI_NAME_PREFIX = 0x2f;
const EXT_OP_PREFIX = 0x5b;
const REGION_OP = 0x80;
const FIELD_OP = 0x81;
const DEVICE_OP = 0x82;
const PROCESSOR_OP = 0x83;
const ARG0_OP = 0x68;
const LOCAL0_OP = 0x60;
const STORE_OP = 0x70;
const AND_OP = 0x7b;
const OR_OP = 0x7d;
const IF_OP = 0xa0;
const RETURN_OP = 0xa4;
const CREATE_DWORD_FIELD_OP = 0x8a;

/** Package length encoding: the length counts its own bytes. [ACPI-6.5 §20.2.4] */
function packageLength(contentBytes: number): Aml {
  if (contentBytes + 1 < 0x40) return [contentBytes + 1];
  for (let extra = 1; extra <= 3; extra++) {
    const total = contentBytes + 1 + extra;
    if (total >= 1 << (4 + 8 * extra)) continue;
    const bytes = [(extra << 6) | (total & 0xf)];
    for (let index = 0; index < extra; index++) bytes.push((total >>> (4 + 8 * index)) & 0xff);
    return bytes;
  }
  throw new RangeError('AML package longer than 2^28 bytes');
}

function packaged(opcode: Aml, content: Aml): Aml {
  return [...opcode, ...packageLength(content.length), ...content];
}

/** A name path such as `\_SB.PCI0` or `PRQ0`; segments are padded with underscores. */
export function path(text: string): Aml {
  const bytes: Aml = [];
  let rest = text;
  while (rest.startsWith('\\') || rest.startsWith('^')) {
    bytes.push(rest.charCodeAt(0));
    rest = rest.slice(1);
  }
  const segments = rest === '' ? [] : rest.split('.');
  if (segments.length === 0) bytes.push(ZERO_OP);
  if (segments.length === 2) bytes.push(DUAL_NAME_PREFIX);
  if (segments.length > 2) bytes.push(MULTI_NAME_PREFIX, segments.length);
  for (const segment of segments) {
    for (let index = 0; index < 4; index++) bytes.push(segment.charCodeAt(index) || 0x5f);
  }
  return bytes;
}

export function integer(value: number): Aml {
  if (value === 0) return [ZERO_OP];
  if (value === 1) return [ONE_OP];
  if (value < 0x100) return [BYTE_PREFIX, value];
  if (value < 0x10000) return [WORD_PREFIX, ...le(value, 2)];
  return [DWORD_PREFIX, ...le(value, 4)];
}

/** A compressed EISA identifier such as PNP0A03. [ACPI-6.5 §19.3.4] */
export function eisaId(id: string): Aml {
  const letter = (index: number): number => id.charCodeAt(index) - 0x40;
  const vendor = (letter(0) << 10) | (letter(1) << 5) | letter(2);
  const product = Number.parseInt(id.slice(3), 16);
  return [DWORD_PREFIX, vendor >>> 8, vendor & 0xff, product >>> 8, product & 0xff];
}

export function buffer(bytes: Aml): Aml {
  return packaged([BUFFER_OP], [...integer(bytes.length), ...bytes]);
}

export function pack(elements: Aml[]): Aml {
  return packaged([PACKAGE_OP], [elements.length, ...elements.flat()]);
}

export function name(id: string, value: Aml): Aml {
  return [NAME_OP, ...path(id), ...value];
}

export function scope(id: string, ...terms: Aml[]): Aml {
  return packaged([SCOPE_OP], [...path(id), ...terms.flat()]);
}

export function device(id: string, ...terms: Aml[]): Aml {
  return packaged([EXT_OP_PREFIX, DEVICE_OP], [...path(id), ...terms.flat()]);
}

export function processor(id: string, processorId: number): Aml {
  return packaged([EXT_OP_PREFIX, PROCESSOR_OP], [...path(id), processorId, 0, 0, 0, 0, 0]);
}

/** @param options.serialized for methods that create named objects */
export function method(id: string, argumentCount: number, options: { serialized?: boolean }, ...terms: Aml[]): Aml {
  const flags = argumentCount | (options.serialized === true ? 8 : 0);
  return packaged([METHOD_OP], [...path(id), flags, ...terms.flat()]);
}

export type RegionSpace = 'systemIo' | 'pciConfig';

export function region(id: string, space: RegionSpace, offset: number, lengthBytes: number): Aml {
  const spaceCode = space === 'systemIo' ? 1 : 2;
  return [EXT_OP_PREFIX, REGION_OP, ...path(id), spaceCode, ...integer(offset), ...integer(lengthBytes)];
}

/** Byte-access field list; every unit has `bits` < 64 bits. */
export function field(regionId: string, units: { id: string; bits: number }[]): Aml {
  const byteAccess = 1;
  const list = units.flatMap((unit) => [...path(unit.id), unit.bits]);
  return packaged([EXT_OP_PREFIX, FIELD_OP], [...path(regionId), byteAccess, ...list]);
}

export function argument(index: number): Aml {
  return [ARG0_OP + index];
}
export function local(index: number): Aml {
  return [LOCAL0_OP + index];
}
export function store(source: Aml, target: Aml): Aml {
  return [STORE_OP, ...source, ...target];
}
/** Result only, no target. */
export function and(left: Aml, right: Aml): Aml {
  return [AND_OP, ...left, ...right, ZERO_OP];
}
export function or(left: Aml, right: Aml): Aml {
  return [OR_OP, ...left, ...right, ZERO_OP];
}
export function ifTrue(condition: Aml, ...terms: Aml[]): Aml {
  return packaged([IF_OP], [...condition, ...terms.flat()]);
}
export function giveBack(value: Aml): Aml {
  return [RETURN_OP, ...value];
}
export function createDwordField(source: Aml, byteIndex: number, id: string): Aml {
  return [CREATE_DWORD_FIELD_OP, ...source, ...integer(byteIndex), ...path(id)];
}

// --- resource descriptors [ACPI-6.5 §6.4]

/** The buffer of a resource template; the end tag is added. */
export function resources(...descriptors: Aml[]): Aml {
  return buffer([...descriptors.flat(), 0x79, 0]);
}

/** Fixed 16-bit-decoded I/O range. */
export function ioRange(base: number, lengthBytes: number): Aml {
  return [0x47, 1, ...le(base, 2), ...le(base, 2), 1, lengthBytes];
}

/** ISA-style interrupt: edge, active high, exclusive. */
export function isaInterrupt(irq: number): Aml {
  return [0x22, ...le(1 << irq, 2)];
}

export function dmaChannel(channel: number): Aml {
  return [0x2a, 1 << channel, 0];
}

/** Extended interrupt descriptor: consumer, level, active high, shared. */
export function levelInterrupts(irqs: readonly number[]): Aml {
  return [0x89, ...le(2 + irqs.length * 4, 2), 0b01001, irqs.length, ...irqs.flatMap((irq) => le(irq, 4))];
}

export function fixedMemory(base: number, lengthBytes: number): Aml {
  return [0x86, ...le(9, 2), 0, ...le(base, 4), ...le(lengthBytes, 4)];
}

export function busRange(first: number, last: number): Aml {
  return [
    0x88,
    ...le(13, 2),
    2,
    0x0c,
    0,
    ...le(0, 2),
    ...le(first, 2),
    ...le(last, 2),
    ...le(0, 2),
    ...le(last - first + 1, 2),
  ];
}

/** I/O window that a bridge passes on. */
export function ioWindow(first: number, last: number): Aml {
  return [
    0x88,
    ...le(13, 2),
    1,
    0x0c,
    3,
    ...le(0, 2),
    ...le(first, 2),
    ...le(last, 2),
    ...le(0, 2),
    ...le(last - first + 1, 2),
  ];
}

/** Memory window that a bridge passes on. */
export function memoryWindow(first: number, last: number, isCacheable: boolean): Aml {
  const flags = isCacheable ? 3 : 1;
  return [
    0x87,
    ...le(23, 2),
    0,
    0x0c,
    flags,
    ...le(0, 4),
    ...le(first, 4),
    ...le(last, 4),
    ...le(0, 4),
    ...le(last - first + 1, 4),
  ];
}

function le(value: number, byteCount: number): Aml {
  return Array.from({ length: byteCount }, (_, index) => Math.floor(value / 2 ** (8 * index)) & 0xff);
}
