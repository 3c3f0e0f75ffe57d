// The monitor's description, EDID 1.4 [E-EDID-A2]: what Linux's bochs driver reads to choose its first mode.
//
//   0 header 8 | vendor, product, serial 10 | version 2 | basics 5 | chromaticity 10 | established 3 | standard 16 |
//   54 four 18-byte descriptors | extension count | checksum

/** Preferred mode: 1280 x 800 at 60 Hz (VESA CVT reduced blanking: 71 MHz). */
const detailedTiming = [
  0xbc,
  0x1b, // pixel clock 71.00 MHz in 10 kHz units
  0x00,
  0xa0,
  0x50, // 1280 active, 160 blank
  0x20,
  0x17,
  0x30, // 800 active, 23 blank
  0x30,
  0x20,
  0x36,
  0x00, // horizontal sync offset 48 width 32, vertical 3 and 6
  0x4b,
  0xcf,
  0x10, // 331 x 207 mm
  0x00,
  0x00,
  0x1a, // no border, digital separate sync
] as const;

function standardTiming(width: number, aspect: 0 | 1 | 2 | 3): [number, number] {
  return [width / 8 - 31, aspect << 6];
}

function textDescriptor(tag: number, text: string): number[] {
  const padded = `${text}\n`.padEnd(13, ' ').slice(0, 13);
  return [0, 0, 0, tag, 0, ...Array.from(padded, (character) => character.charCodeAt(0))];
}

export function createEdid(): Uint8Array {
  const edid = new Uint8Array(128);
  edid.set([0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00], 0);
  // Manufacturer "OSP", five bits a letter.
  edid.set([0x3e, 0x70, 0x01, 0x00, 0x01, 0x00, 0x00, 0x00, 1, 34], 8);
  edid.set([1, 4], 18);
  // Digital, 8 bits per colour; 33 x 21 cm; gamma 2.2; preferred timing first, sRGB.
  edid.set([0xa0, 33, 21, 120, 0x06], 20);
  // sRGB primaries and D65 white.
  edid.set([0xee, 0x91, 0xa3, 0x54, 0x4c, 0x99, 0x26, 0x0f, 0x50, 0x54], 25);
  // 640x480, 800x600, 1024x768 at 60 Hz.
  edid.set([0x21, 0x08, 0x00], 35);
  const standard = [
    ...standardTiming(1920, 3),
    ...standardTiming(1680, 0),
    ...standardTiming(1600, 1),
    ...standardTiming(1440, 0),
    ...standardTiming(1280, 2),
    ...standardTiming(1280, 0),
    0x01,
    0x01,
    0x01,
    0x01,
  ];
  edid.set(standard, 38);
  edid.set(detailedTiming, 54);
  edid.set(textDescriptor(0xfc, 'Ospite'), 72);
  // Range limits: 40-90 Hz vertical, 25-120 kHz horizontal, 250 MHz.
  edid.set([0, 0, 0, 0xfd, 0, 40, 90, 25, 120, 25, 0x01, 0x0a, 0x20, 0x20, 0x20, 0x20, 0x20, 0x20], 90);
  edid.set(textDescriptor(0xff, '0000001'), 108);
  let sum = 0;
  for (const byte of edid) sum += byte;
  edid[127] = -sum & 0xff;
  return edid;
}
