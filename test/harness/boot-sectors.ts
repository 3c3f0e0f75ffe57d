// Guests of one sector: what a test wants a processor to do, as a raw disk image. Hand-assembled 16-bit code at 0000:7C00.

const ORIGIN = 0x7c00;
const SECTOR = 512;

/** Fills the text screen with ever-changing characters and never rests. */
export const busy = [
  ...[0xb8, 0x00, 0xb8], // mov ax, 0xb800
  ...[0x8e, 0xc0], //       mov es, ax
  ...[0x31, 0xff], //       xor di, di
  ...[0x26, 0xff, 0x05], // next: inc word [es:di]
  ...[0x47, 0x47], //       inc di; inc di
  ...[0x81, 0xe7, 0xfe, 0x0f], // and di, 0xffe
  ...[0xeb, 0xf5], //       jmp next
];

/** Hides the cursor and halts; only the timer's interrupts wake it. */
export const idle = [
  ...[0xb4, 0x01, 0xb9, 0x00, 0x20, 0xcd, 0x10], // mov ah, 1; mov cx, 0x2000; int 0x10
  0xfb, //                  sti
  ...[0xf4, 0xeb, 0xfd], // next: hlt; jmp next
];

/** Sends back what the first serial port receives. */
export const echo = [
  ...[0xba, 0xfd, 0x03], // next: mov dx, LSR
  ...[0xec, 0xa8, 0x01], // in al, dx; test al, data ready
  ...[0x74, 0xf8], //       jz next
  ...[0xba, 0xf8, 0x03], // mov dx, RBR
  ...[0xec, 0xee], //       in al, dx; out dx, al
  ...[0xeb, 0xf1], //       jmp next
];

/** Shows on the screen what is typed. */
export const typewriter = [
  0xfb, //                  sti
  ...[0xb4, 0x00, 0xcd, 0x16], // next: mov ah, 0; int 0x16
  ...[0xb4, 0x0e, 0xcd, 0x10], // mov ah, 0x0e; int 0x10
  ...[0xeb, 0xf6], //       jmp next
];

/** Switches itself off when the ACPI power button is pressed. */
export const obedient = [
  ...[0xba, 0x00, 0x06], // mov dx, PM1 status
  ...[0xed, 0xf6, 0xc4, 0x01], // next: in ax, dx; test ah, power button
  ...[0x74, 0xfa], //       jz next
  ...[0xba, 0x04, 0x06], // mov dx, PM1 control
  ...[0xb8, 0x00, 0x20, 0xef], // mov ax, sleep enable, type S5; out dx, ax
];

/** Shows a ">" when it is ready, then what is typed; Enter shows the first eight bytes of the floppy, when there is one. */
export const typist = [
  ...[0x1e, 0x07], //             push ds; pop es
  ...[0xb8, 0x3e, 0x0e, 0xcd, 0x10], // mov ax, 0xe3e; int 0x10
  ...[0xb4, 0x00, 0xcd, 0x16], // next: mov ah, 0; int 0x16
  ...[0x3c, 0x0d, 0x74, 0x06], // cmp al, 13; je read
  ...[0xb4, 0x0e, 0xcd, 0x10], // mov ah, 0xe; int 0x10
  ...[0xeb, 0xf2], //             jmp next
  ...[0xb8, 0x01, 0x02], //       read: mov ax, 0x201
  ...[0xbb, 0x00, 0x80], //       mov bx, 0x8000
  ...[0xb9, 0x01, 0x00], //       mov cx, 1
  ...[0x31, 0xd2], //             xor dx, dx
  ...[0xcd, 0x13, 0x72, 0xf1], // int 0x13; jc read: a changed disk fails once
  ...[0xbe, 0x00, 0x80], //       mov si, 0x8000
  ...[0xb9, 0x08, 0x00], //       mov cx, 8
  ...[0xac, 0xb4, 0x0e], //       show: lodsb; mov ah, 0xe
  ...[0xcd, 0x10, 0xe2, 0xf9], // int 0x10; loop show
  ...[0xeb, 0xd4], //             jmp next
];

/** Prints "farewell" on the first serial port and powers off by ACPI at once. */
export const farewell = [
  ...[0x31, 0xc0, 0x8e, 0xd8], //       xor ax, ax; mov ds, ax
  ...[0xe8, 0, 0, 0x5e], //             call here; here: pop si
  ...[0x83, 0xc6, 0x17], //             add si, text - here
  ...[0xba, 0xf8, 0x03], //             mov dx, THR
  ...[0xac, 0x84, 0xc0], //       next: lodsb; test al, al
  ...[0x74, 0x03, 0xee, 0xeb, 0xf8], // jz done; out dx, al; jmp next
  ...[0xba, 0x04, 0x06], //       done: mov dx, PM1a control
  ...[0xb8, 0x00, 0x20, 0xef, 0xf4], // mov ax, sleep enable; out dx, ax; hlt
  ...Buffer.from('farewell\0', 'latin1'),
];

/** Asks the keyboard controller for a reset. */
export const reset = [
  ...[0xb0, 0xfe, 0xe6, 0x64], // mov al, 0xfe; out 0x64, al
  ...[0xf4, 0xeb, 0xfd], //       next: hlt; jmp next
];

/** Takes the interrupt table away and traps. */
export const tripleFault = [
  ...[0x0f, 0x01, 0x1e, 0xf0, 0x7d], // lidt [0x7df0], six zero bytes there
  0xcc, //                              int3
];

/** A bootable image: prints `text` on the first serial port, then runs `code`. */
export function bootImage(text: string, code: readonly number[]): Uint8Array {
  const image = new Uint8Array(SECTOR * 63 * 16); // One cylinder of the usual geometry.
  const greeting = [
    ...[0x31, 0xc0, 0x8e, 0xd8, 0xfc], // xor ax, ax; mov ds, ax; cld
    ...[0xbe, 0x00, 0x7d], //             mov si, 0x7d00
    ...[0xac, 0x84, 0xc0], //       next: lodsb; test al, al
    ...[0x74, 0x12], //                   jz done
    ...[0x88, 0xc4], //                   mov ah, al
    ...[0xba, 0xfd, 0x03], //             mov dx, LSR
    ...[0xec, 0xa8, 0x20, 0x74, 0xfb], // wait: in al, dx; test al, transmitter empty; jz wait
    ...[0xba, 0xf8, 0x03], //             mov dx, THR
    ...[0x88, 0xe0, 0xee], //             mov al, ah; out dx, al
    ...[0xeb, 0xe9], //                   jmp next
  ];
  image.set([...greeting, ...code]);
  image.set(new TextEncoder().encode(text), 0x7d00 - ORIGIN);
  image.set([0x55, 0xaa], SECTOR - 2);
  return image;
}
