// Writes a self-signed X.509 version 3 certificate for a server [RFC 5280 §4.1]. Only the encoding is ours; keys and signatures are
// node:crypto's. The public key must be one for ECDSA with SHA-256 [RFC 5758 §3.2].
import { ipBytes } from '../../ip-address.ts';

export interface SelfSignedContent {
  commonName: string;
  /** At most 20 bytes; taken as a positive number. */
  serial: Uint8Array;
  /** IP addresses and host names that it holds for. */
  names: readonly string[];
  notBefore: Date;
  notAfter: Date;
  /** SubjectPublicKeyInfo. */
  publicKey: Uint8Array;
  /** The ECDSA-Sig-Value over SHA-256. */
  sign(bytes: Uint8Array): Uint8Array;
}

const ECDSA_WITH_SHA256 = '1.2.840.10045.4.3.2';
const ID_AT_COMMON_NAME = '2.5.4.3';
const ID_CE_KEY_USAGE = '2.5.29.15';
const ID_CE_SUBJECT_ALT_NAME = '2.5.29.17';
const ID_CE_BASIC_CONSTRAINTS = '2.5.29.19';
const ID_CE_EXT_KEY_USAGE = '2.5.29.37';
const ID_KP_SERVER_AUTH = '1.3.6.1.5.5.7.3.1';

// Tags [X.690 §8.1.2].
const BOOLEAN = 0x01;
const INTEGER = 0x02;
const BIT_STRING = 0x03;
const OCTET_STRING = 0x04;
const OBJECT_IDENTIFIER = 0x06;
const UTF8_STRING = 0x0c;
const UTC_TIME = 0x17;
const GENERALIZED_TIME = 0x18;
const SEQUENCE = 0x30;
const SET = 0x31;
const context = (number: number, isConstructed: boolean): number => 0x80 | (isConstructed ? 0x20 : 0) | number;

/** The certificate in DER. */
export function encodeSelfSigned(content: SelfSignedContent): Uint8Array {
  const algorithm = der(SEQUENCE, oid(ECDSA_WITH_SHA256));
  const attribute = der(SEQUENCE, oid(ID_AT_COMMON_NAME), der(UTF8_STRING, Buffer.from(content.commonName)));
  const name = der(SEQUENCE, der(SET, attribute));
  const certificate = der(
    SEQUENCE,
    der(context(0, true), der(INTEGER, [2])), // Version 3.
    // A leading zero would be needed only before a set top bit, and is wrong elsewhere.
    der(INTEGER, [0x40 | ((content.serial[0] ?? 0) & 0x7f), ...content.serial.subarray(1)]),
    algorithm,
    name,
    der(SEQUENCE, time(content.notBefore), time(content.notAfter)),
    name,
    content.publicKey,
    der(context(3, true), der(SEQUENCE, ...extensions(content.names))),
  );
  const signature = content.sign(certificate);
  return der(SEQUENCE, certificate, algorithm, der(BIT_STRING, [0], signature));
}

function extensions(names: readonly string[]): Uint8Array[] {
  const digitalSignature = der(BIT_STRING, [7, 0x80]); // Seven bits unused.
  return [
    extension(ID_CE_BASIC_CONSTRAINTS, true, der(SEQUENCE)), // No authority over others.
    extension(ID_CE_KEY_USAGE, true, digitalSignature),
    extension(ID_CE_EXT_KEY_USAGE, false, der(SEQUENCE, oid(ID_KP_SERVER_AUTH))),
    extension(ID_CE_SUBJECT_ALT_NAME, false, der(SEQUENCE, ...names.map(generalName))),
  ];
}

function extension(id: string, isCritical: boolean, value: Uint8Array): Uint8Array {
  return der(SEQUENCE, oid(id), isCritical ? der(BOOLEAN, [0xff]) : [], der(OCTET_STRING, value));
}

function generalName(name: string): Uint8Array {
  const address = ipBytes(name);
  return address ? der(context(7, false), address) : der(context(2, false), Buffer.from(name, 'latin1'));
}

/** [RFC 5280 §4.1.2.5] */
function time(date: Date): Uint8Array {
  const digits = date.toISOString().replace(/\.\d+|[-:T]/g, '');
  const isShort = date.getUTCFullYear() < 2050;
  return der(isShort ? UTC_TIME : GENERALIZED_TIME, Buffer.from(isShort ? digits.slice(2) : digits));
}

/** [X.690 §8.19] */
function oid(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second, ...rest].flatMap((part) => {
    const groups = [part & 0x7f];
    for (let left = part >> 7; left > 0; left >>= 7) groups.unshift(0x80 | (left & 0x7f));
    return groups;
  });
  return der(OBJECT_IDENTIFIER, bytes);
}

/** Tag, length [X.690 §8.1.3] and content. */
function der(tag: number, ...parts: ArrayLike<number>[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const lengthBytes = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  const bytes = new Uint8Array(1 + lengthBytes.length + length);
  bytes.set([tag, ...lengthBytes]);
  let at = 1 + lengthBytes.length;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
