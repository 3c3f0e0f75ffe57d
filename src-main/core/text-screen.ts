// Text screens as Unicode lines: what `--until-screen`, `wait --screen` and screen readers match against.
import type { TextScreen } from './backends/display.ts';

/** Unicode character of each code of code page 437 as it looks on screen: 256 UTF-16 units. */
export const cp437ToUnicode: string =
  ' ☺☻♥♦♣♠•◘○◙♂♀♪♫☼►◄↕‼¶§▬↨↑↓→←∟↔▲▼' +
  ' !"#$%&\'()*+,-./0123456789:;<=>?' +
  '@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_' +
  '`abcdefghijklmnopqrstuvwxyz{|}~⌂' +
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒ' +
  'áíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐' +
  '└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀' +
  'αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0';

/** The rows of a text screen, without trailing blanks (0x00, 0x20 and 0xff all look blank). */
export function textLines(screen: TextScreen): string[] {
  const lines: string[] = [];
  for (let row = 0; row < screen.rows; row++) {
    let line = '';
    for (let column = 0; column < screen.columns; column++) {
      line += cp437ToUnicode[screen.cells[(row * screen.columns + column) * 2] ?? 0x20];
    }
    lines.push(line.replace(/[ \u00a0]+$/, ''));
  }
  return lines;
}
