// The video BIOS image at 0xc0000, 32 KiB: the INT 10h stub, fonts, and what programs look for in a VGA BIOS.
import { Assembler } from '../assembler.ts';
import { font8x8, font8x14, font8x16 } from '../font.ts';
import { emitServiceStub, trap } from '../rom.ts';
import { SERVICE, VIDEO_ROM_BYTES } from '../services.ts';
import { checksum, putText } from '../tables/acpi.ts';
import { vbeModes } from './vbe-modes.ts';

/** Offsets in segment 0xc000. */
export const INT_10_ENTRY = 0x60;
export const FONT_8X16 = 0x200;
export const FONT_8X14 = 0x1200;
export const FONT_8X8 = 0x2000;
export const STATIC_FUNCTIONALITY = 0x2800;
export const VBE_OEM_STRING = 0x2820;
export const VBE_MODE_LIST = 0x2900;
export const EMPTY_FONT_EXTENSION = 0x2812;

export function buildVideoRom(): Uint8Array {
  const rom = new Assembler(VIDEO_ROM_BYTES);
  rom.data([0x55, 0xaa, VIDEO_ROM_BYTES / 512]);
  rom.code('e9 @@init');
  rom.org(0x1e);
  rom.data([...'IBM VGA Compatible BIOS\0'].map((character) => character.charCodeAt(0)));
  rom.org(INT_10_ENTRY);
  emitServiceStub(rom, 'int10', SERVICE.INT_10);
  // Called by the POST of another BIOS; ours sets the display up without it.
  rom.label('init');
  rom.code(`52 50 ${trap(SERVICE.VIDEO_INIT)} 58 5a cb`); // push dx; push ax; ...; pop ax; pop dx; retf
  rom.org(FONT_8X16);
  rom.data(font8x16);
  rom.org(FONT_8X14);
  rom.data(font8x14);
  rom.org(FONT_8X8);
  rom.data(font8x8);
  // INT 10h/1Bh: modes 0-7, D-13h; 200/350/400 lines; 8 font blocks, 2 active; functions. [PS2-BIOS INT 10h/1Bh]
  rom.org(STATIC_FUNCTIONALITY);
  rom.data([0xff, 0xe0, 0x0f, 0, 0, 0, 0, 7, 2, 8, 0xff, 0x0e, 0, 0, 0, 0]);
  rom.org(VBE_OEM_STRING);
  const text = new Uint8Array(16);
  putText(text, 0, 'Ospite VBE');
  rom.data(text);
  rom.org(VBE_MODE_LIST);
  for (const mode of vbeModes) rom.u16(mode.number);
  rom.u16(0xffff);
  const bytes = rom.finish();
  bytes[bytes.length - 1] = checksum(bytes);
  return bytes;
}
