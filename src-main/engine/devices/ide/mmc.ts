// The answers of a CD-ROM drive to packet commands that carry data: pure functions from drive facts to bytes.
// [MMC-5], [SPC-3], [SFF-8020i] for what old drivers expect. Multi-byte fields are big-endian. One data track, one session.

/** Sense key, additional sense code and qualifier. */
export interface Sense {
  key: number;
  asc: number;
  ascq: number;
}

export const SENSE = {
  NONE: { key: 0, asc: 0, ascq: 0 },
  MEDIUM_NOT_PRESENT: { key: 2, asc: 0x3a, ascq: 0 },
  UNRECOVERED_READ_ERROR: { key: 3, asc: 0x11, ascq: 0 },
  INVALID_OPCODE: { key: 5, asc: 0x20, ascq: 0 },
  LBA_OUT_OF_RANGE: { key: 5, asc: 0x21, ascq: 0 },
  INVALID_FIELD_IN_CDB: { key: 5, asc: 0x24, ascq: 0 },
  SAVING_NOT_SUPPORTED: { key: 5, asc: 0x39, ascq: 0 },
  REMOVAL_PREVENTED: { key: 5, asc: 0x53, ascq: 2 },
  MEDIUM_MAY_HAVE_CHANGED: { key: 6, asc: 0x28, ascq: 0 },
  ILLEGAL_MODE_FOR_TRACK: { key: 5, asc: 0x64, ascq: 0 },
} as const satisfies { [name: string]: Sense };

export const OP = {
  TEST_UNIT_READY: 0x00,
  REQUEST_SENSE: 0x03,
  INQUIRY: 0x12,
  MODE_SENSE_6: 0x1a,
  START_STOP_UNIT: 0x1b,
  PREVENT_ALLOW_MEDIUM_REMOVAL: 0x1e,
  READ_CAPACITY: 0x25,
  READ_10: 0x28,
  SEEK_10: 0x2b,
  READ_SUBCHANNEL: 0x42,
  READ_TOC: 0x43,
  GET_CONFIGURATION: 0x46,
  GET_EVENT_STATUS_NOTIFICATION: 0x4a,
  READ_DISC_INFORMATION: 0x51,
  READ_TRACK_INFORMATION: 0x52,
  MODE_SENSE_10: 0x5a,
  READ_12: 0xa8,
  SET_CD_SPEED: 0xbb,
  MECHANISM_STATUS: 0xbd,
  READ_CD: 0xbe,
} as const;

/** Larger discs present the DVD-ROM profile: 80 minutes is what a CD holds. */
const cdSectorsMax = 80 * 60 * 75;
const PROFILE_CD_ROM = 0x0008;
const PROFILE_DVD_ROM = 0x0010;
const LEAD_OUT = 0xaa;

/** What the drive knows when a command arrives; `sectors` is null for an empty tray. */
export interface DriveFacts {
  sectors: number | null;
  isLocked: boolean;
  isTrayOpen: boolean;
}

export function be16(packet: Uint8Array, at: number): number {
  return (packet[at] << 8) | packet[at + 1];
}

export function be32(packet: Uint8Array, at: number): number {
  return ((packet[at] << 24) | (packet[at + 1] << 16) | (packet[at + 2] << 8) | packet[at + 3]) >>> 0;
}

function put16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 8;
  bytes[at + 1] = value;
}

function put32(bytes: Uint8Array, at: number, value: number): void {
  put16(bytes, at, value >>> 16);
  put16(bytes, at + 2, value & 0xffff);
}

function putText(bytes: Uint8Array, at: number, length: number, text: string): void {
  const padded = text.padEnd(length, ' ');
  for (let i = 0; i < length; i++) bytes[at + i] = padded.charCodeAt(i);
}

/** Minutes, seconds, frames: 75 frames a second, sector 0 at 2 seconds. */
export function msfOf(lba: number): [number, number, number] {
  const frames = lba + 150;
  return [Math.floor(frames / (75 * 60)) & 0xff, Math.floor(frames / 75) % 60, frames % 75];
}

function putAddress(bytes: Uint8Array, at: number, lba: number, asMsf: boolean): void {
  if (asMsf) bytes.set([0, ...msfOf(lba)], at);
  else put32(bytes, at, lba);
}

export function requestSense(sense: Sense): Uint8Array {
  const bytes = new Uint8Array(18);
  bytes[0] = 0x70;
  bytes[2] = sense.key;
  bytes[7] = 10;
  bytes[12] = sense.asc;
  bytes[13] = sense.ascq;
  return bytes;
}

/** Standard data, or vital product data page 00h (supported pages) and 80h (serial number). */
export function inquiry(packet: Uint8Array, identity: { model: string; serial: string }): Uint8Array | Sense {
  const page = packet[2];
  if ((packet[1] & 1) === 0) {
    if (page !== 0) return SENSE.INVALID_FIELD_IN_CDB;
    const bytes = new Uint8Array(36);
    // CD-ROM, removable, ATAPI response format.
    bytes.set([0x05, 0x80, 0x00, 0x21, 31]);
    putText(bytes, 8, 8, 'OSPITE');
    putText(bytes, 16, 16, identity.model);
    putText(bytes, 32, 4, '1.0');
    return bytes;
  }
  if (page === 0x00) return Uint8Array.of(0x05, 0x00, 0, 2, 0x00, 0x80);
  if (page !== 0x80) return SENSE.INVALID_FIELD_IN_CDB;
  const bytes = new Uint8Array(4 + identity.serial.length);
  bytes.set([0x05, 0x80, 0, identity.serial.length]);
  putText(bytes, 4, identity.serial.length, identity.serial);
  return bytes;
}

export function readCapacity(sectors: number): Uint8Array {
  const bytes = new Uint8Array(8);
  put32(bytes, 0, sectors - 1);
  put32(bytes, 4, 2048);
  return bytes;
}

/** Formats 0 (tracks), 1 (sessions) and 2 (raw, point by point). */
export function readToc(packet: Uint8Array, sectors: number): Uint8Array | Sense {
  const asMsf = (packet[1] & 2) !== 0;
  // SFF-8020i drivers put the format in the top bits of the control byte.
  const format = packet[2] & 0x0f || packet[9] >> 6;
  const startTrack = packet[6];
  if (format === 0) return tocTracks(startTrack, sectors, asMsf);
  if (format === 1) {
    const bytes = new Uint8Array(12);
    bytes.set([0, 10, 1, 1, 0, 0x14, 1, 0]);
    putAddress(bytes, 8, 0, asMsf);
    return bytes;
  }
  if (format === 2) return tocRaw(sectors);
  return SENSE.INVALID_FIELD_IN_CDB;
}

function tocTracks(startTrack: number, sectors: number, asMsf: boolean): Uint8Array | Sense {
  if (startTrack > 1 && startTrack !== LEAD_OUT) return SENSE.INVALID_FIELD_IN_CDB;
  const withTrack = startTrack <= 1;
  const bytes = new Uint8Array(withTrack ? 20 : 12);
  bytes.set([0, bytes.length - 2, 1, 1]);
  if (withTrack) {
    bytes.set([0, 0x14, 1, 0], 4);
    putAddress(bytes, 8, 0, asMsf);
  }
  const last = bytes.length - 8;
  bytes.set([0, 0x16, LEAD_OUT, 0], last);
  putAddress(bytes, last + 4, sectors, asMsf);
  return bytes;
}

function tocRaw(sectors: number): Uint8Array {
  const point = (point: number, p: readonly number[]): number[] => [1, 0x14, 0, point, 0, 0, 0, 0, ...p];
  return Uint8Array.from([
    ...[0, 46, 1, 1],
    ...point(0xa0, [1, 0, 0]),
    ...point(0xa1, [1, 0, 0]),
    ...point(0xa2, msfOf(sectors)),
    ...point(1, msfOf(0)),
  ]);
}

export function readSubchannel(packet: Uint8Array): Uint8Array | Sense {
  if ((packet[2] & 0x40) === 0) return new Uint8Array(4);
  if (packet[3] !== 1) return SENSE.INVALID_FIELD_IN_CDB;
  const bytes = new Uint8Array(16);
  // Audio status 15h: nothing to report; position of track 1.
  bytes.set([0, 0x15, 0, 12, 1, 0x14, 1, 1]);
  putAddress(bytes, 8, 0, (packet[1] & 2) !== 0);
  return bytes;
}

function profileEntry(profile: number, current: number): number[] {
  return [profile >> 8, profile & 0xff, profile === current ? 1 : 0, 0];
}

/** Features 0 (profiles), 1 (core), 3 (removable medium), 10h (random readable) with 1Eh (CD) or 1Fh (DVD). */
export function getConfiguration(packet: Uint8Array, facts: DriveFacts): Uint8Array | Sense {
  const requestType = packet[1] & 3;
  const from = be16(packet, 2);
  if (requestType === 3) return SENSE.INVALID_FIELD_IN_CDB;
  const current = facts.sectors === null ? 0 : facts.sectors > cdSectorsMax ? PROFILE_DVD_ROM : PROFILE_CD_ROM;
  const isCurrent = (profile: number): number => (current === profile ? 1 : 0);
  const hasMedium = current === 0 ? 0 : 1;
  const features: [code: number, isCurrent: number, bytes: number[]][] = [
    [0x0000, 1, [0, 0, 0x03, 8, ...profileEntry(PROFILE_DVD_ROM, current), ...profileEntry(PROFILE_CD_ROM, current)]],
    [0x0001, 1, [0, 1, 0x0b, 8, 0, 0, 0, 2, 1, 0, 0, 0]],
    [0x0003, 1, [0, 3, 0x03, 4, 0x29, 0, 0, 0]],
    [0x0010, hasMedium, [0, 0x10, hasMedium, 8, 0, 0, 8, 0, 0, 1, 0, 0]],
    [0x001e, isCurrent(PROFILE_CD_ROM), [0, 0x1e, 0x08 | isCurrent(PROFILE_CD_ROM), 4, 0, 0, 0, 0]],
    [0x001f, isCurrent(PROFILE_DVD_ROM), [0, 0x1f, isCurrent(PROFILE_DVD_ROM), 0]],
  ];
  const chosen = features.filter(([code, current]) =>
    requestType === 2 ? code === from : code >= from && (requestType === 0 || current === 1),
  );
  const body = chosen.flatMap(([, , bytes]) => bytes);
  const bytes = new Uint8Array(8 + body.length);
  put32(bytes, 0, 4 + body.length);
  put16(bytes, 6, current);
  bytes.set(body, 8);
  return bytes;
}

export const mediaEvents = ['none', 'newMedium', 'removal'] as const;
export type MediaEvent = (typeof mediaEvents)[number];

/** Polled media events; other classes are answered as "not supported". */
export function getEventStatus(packet: Uint8Array, event: MediaEvent, facts: DriveFacts): Uint8Array | Sense {
  const isPolled = (packet[1] & 1) !== 0;
  if (!isPolled) return SENSE.INVALID_FIELD_IN_CDB;
  const MEDIA_CLASS = 4;
  const isMediaAsked = (packet[4] & (1 << MEDIA_CLASS)) !== 0;
  if (!isMediaAsked) return Uint8Array.of(0, 2, 0x80, 1 << MEDIA_CLASS);
  const code = event === 'newMedium' ? 2 : event === 'removal' ? 3 : 0;
  const status = (facts.sectors === null ? 0 : 2) | (facts.isTrayOpen ? 1 : 0);
  return Uint8Array.of(0, 6, MEDIA_CLASS, 1 << MEDIA_CLASS, code, status, 0, 0);
}

export function readDiscInformation(): Uint8Array {
  const bytes = new Uint8Array(34);
  // Complete disc, complete last session; one session; first and last track of it 1; unrestricted use.
  bytes.set([0, 32, 0x0e, 1, 1, 1, 1, 0x20]);
  bytes.fill(0xff, 16, 24);
  return bytes;
}

export function readTrackInformation(packet: Uint8Array, sectors: number): Uint8Array | Sense {
  const addressType = packet[1] & 3;
  const address = be32(packet, 2);
  const isKnown = addressType === 0 ? address < sectors : address === 1;
  if (!isKnown) return SENSE.INVALID_FIELD_IN_CDB;
  const bytes = new Uint8Array(36);
  bytes.set([0, 34, 1, 1, 0, 0x04, 0x01]);
  put32(bytes, 24, sectors);
  put32(bytes, 28, sectors - 1);
  return bytes;
}

/** Pages 01h (error recovery), 0Eh (audio), 2Ah (capabilities), 3Fh (all). `longHeader` for the 10-byte command. */
export function modeSense(packet: Uint8Array, facts: DriveFacts, longHeader: boolean): Uint8Array | Sense {
  const control = packet[2] >> 6;
  const page = packet[2] & 0x3f;
  if (control === 3) return SENSE.SAVING_NOT_SUPPORTED;
  const pages: number[][] = [
    [0x01, 6, 0, 5, 0, 0, 0, 0],
    [0x0e, 14, 4, 0, 0, 0, 0, 75, 1, 0xff, 2, 0xff, 0, 0, 0, 0],
    capabilitiesPage(facts),
  ];
  // "Changeable values" is a mask: nothing can be changed.
  const shown =
    control === 1 ? pages.map(([code, length]) => [code, length, ...new Array<number>(length).fill(0)]) : pages;
  const body = shown.filter(([code]) => page === 0x3f || code === page).flat();
  if (body.length === 0) return SENSE.INVALID_FIELD_IN_CDB;
  const mediumType = facts.isTrayOpen ? 0x71 : facts.sectors === null ? 0x70 : 0x01;
  const header = longHeader
    ? [(body.length + 6) >> 8, (body.length + 6) & 0xff, mediumType, 0, 0, 0, 0, 0]
    : [body.length + 3, mediumType, 0, 0];
  return Uint8Array.from([...header, ...body]);
}

function capabilitiesPage(facts: DriveFacts): number[] {
  const locked = facts.isLocked ? 0x02 : 0;
  const speed = [0x02, 0xc2];
  // Reads CD-R, CD-RW, DVD-ROM; mode 2; tray loader that locks and ejects; 4x speed, 256 volume levels, 512 KiB buffer.
  return [0x2a, 20, 0x3b, 0, 0x70, 0x60, 0x29 | locked, 0, ...speed, 1, 0, 2, 0, ...speed, 0, 0, 0, 0, 0, 0];
}

export function mechanismStatus(facts: DriveFacts): Uint8Array {
  const bytes = new Uint8Array(8);
  if (facts.isTrayOpen) bytes[1] = 0x10;
  bytes[5] = 1;
  return bytes;
}

/** Wraps 2048 user bytes into a 2352-byte mode 1 sector; the error correction fields stay zero. [ECMA-130 §14] */
export function rawSector(lba: number, userData: Uint8Array, target: Uint8Array): void {
  const bcd = (value: number): number => (Math.floor(value / 10) << 4) | (value % 10);
  target.fill(0);
  target.fill(0xff, 1, 11);
  const [minutes, seconds, frames] = msfOf(lba);
  target.set([bcd(minutes % 100), bcd(seconds), bcd(frames), 1], 12);
  target.set(userData, 16);
}
