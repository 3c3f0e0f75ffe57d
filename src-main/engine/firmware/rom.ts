// The system ROM: 64 KiB at 0xf0000 and mirrored below 4 GiB. Interrupt stubs that trap to TypeScript, the few handlers that
// run too often for that (timer tick), the tables that other software finds by scanning, and the entry points that old
// programs call at the addresses of the IBM PC.
import { Assembler } from './assembler.ts';
import { font8x8 } from './font.ts';
import type { MachineDescription } from './machine-description.ts';
import { acpiTablesBase, EBDA_SEGMENT, facsAddress } from './memory-map.ts';
import { SERVICE, SYSTEM_ROM_BYTES, TRAP_PORT } from './services.ts';
import { buildRsdp, checksum, placeAcpiTables, putText } from './tables/acpi.ts';
import { buildMpFloating, buildMpTable, buildPirTable } from './tables/legacy-irq-tables.ts';
import { buildSmbiosEntry, buildSmbiosTable } from './tables/smbios.ts';

export interface SystemRom {
  bytes: Uint8Array;
  rsdpAddress: number;
  /** Offset in segment 0xf000 of a code label such as `int13` or `option_rom_return`. */
  entry: (label: string) => number;
}

const BASE = 0xf0000;
/** Stubs without a place on the IBM PC start here. */
const CODE_START = 0x8000;
const POST_ENTRY = 0xe05b;
const RESET_VECTOR = 0xfff0;

/** Where the IBM PC AT had its entry points; programs that jump there still exist. */
const compatibleEntries: { offset: number; label: string }[] = [
  { offset: 0xe2c3, label: 'int02' },
  { offset: 0xe3fe, label: 'int13' },
  { offset: 0xe6f2, label: 'int19' },
  { offset: 0xe739, label: 'int14' },
  { offset: 0xe82e, label: 'int16' },
  { offset: 0xe987, label: 'int09' },
  { offset: 0xec59, label: 'int13' },
  { offset: 0xef57, label: 'int0e' },
  { offset: 0xefd2, label: 'int17' },
  { offset: 0xf841, label: 'int12' },
  { offset: 0xf84d, label: 'int11' },
  { offset: 0xf859, label: 'int15' },
  { offset: 0xfe6e, label: 'int1a' },
  { offset: 0xfea5, label: 'int08' },
  { offset: 0xff53, label: 'ignore' },
  { offset: 0xff54, label: 'int05' },
];
export const CONFIGURATION_TABLE = 0xe6f5;
export const DISKETTE_TABLE = 0xefc7;
const FONT_LOW_HALF = 0xfa6e;

/** @param cpuSignature CPUID leaf 1 EAX and EDX, for the MP table */
export function buildSystemRom(machine: MachineDescription, cpuSignature: { eax: number; edx: number }): SystemRom {
  const rom = new Assembler(SYSTEM_ROM_BYTES);
  const rsdpAddress = emitTables(rom, machine, cpuSignature);
  rom.org(CODE_START);
  emitStartup(rom);
  emitServiceStubs(rom);
  emitInterruptHandlers(rom);
  emitProtectedModeEntries(rom);
  emitFixedPlaces(rom);
  return { bytes: rom.finish(), rsdpAddress, entry: (label) => rom.offsetOf(label) };
}

function emitTables(rom: Assembler, machine: MachineDescription, cpuSignature: { eax: number; edx: number }): number {
  const place = (bytes: Uint8Array): number => {
    rom.align(16);
    const address = BASE + rom.position;
    rom.data(bytes);
    return address;
  };
  rom.org(0x10);
  const { rsdtAddress, xsdtAddress } = placeAcpiTables(machine, acpiTablesBase(machine), facsAddress(machine));
  const rsdpAddress = place(buildRsdp(rsdtAddress, xsdtAddress));
  place(buildPirTable(machine));
  const mpTable = buildMpTable(machine, cpuSignature);
  place(buildMpFloating(place(mpTable)));
  const smbios = buildSmbiosTable(machine);
  place(buildSmbiosEntry(smbios, place(smbios.bytes)));
  return rsdpAddress;
}

/** Code that asks for a service; changes AX and DX. */
export function trap(service: number): string {
  const hex = (value: number): string => (value & 0xff).toString(16).padStart(2, '0');
  // mov ax,service; mov dx,TRAP_PORT; out dx,ax
  return `b8 ${hex(service)} ${hex(service >> 8)} ba ${hex(TRAP_PORT)} ${hex(TRAP_PORT >> 8)} ef`;
}

/** Power-on, option ROMs, then INT 19h for ever. */
function emitStartup(rom: Assembler): void {
  rom.label('post');
  rom.code('fa fc 31 c0 8e d0 bc 00 7c'); // cli; cld; xor ax,ax; mov ss,ax; mov sp,7c00h
  rom.code(trap(SERVICE.POST));
  rom.label('option_rom_return');
  rom.code(trap(SERVICE.OPTION_ROM)); // jumps into the next ROM, which returns above; AX = 0 when there is none left
  rom.code('85 c0 75 @option_rom_return');
  rom.code('cd 19'); // int 19h
  rom.label('int19');
  rom.code('fa fc 31 c0 8e d0 bc 00 7c');
  rom.label('boot_loop');
  rom.code(trap(SERVICE.BOOT)); // starts a system, or comes back to wait for a key or a tick
  rom.code('fb f4 eb @boot_loop'); // sti; hlt
  rom.label('int18');
  rom.label('boot_returned');
  rom.code('fa fc 31 c0 8e d0 bc 00 7c');
  rom.code(trap(SERVICE.NEXT_BOOT));
  rom.code('eb @boot_loop');
}

/** A stub keeps the caller's AX and DX on the stack, where the service changes them, and returns with the caller's flags. */
export function emitServiceStub(rom: Assembler, label: string, service: number): void {
  rom.label(label);
  rom.code('52 50'); // push dx; push ax
  rom.label(`${label}_again`);
  rom.code(trap(service));
  rom.code(`85 c0 74 @${label}_done`); // test ax,ax; jz
  rom.code(`fb f4 eb @${label}_again`); // sti; hlt
  rom.label(`${label}_done`);
  rom.code('58 5a cf'); // pop ax; pop dx; iret
}

export function emitServiceStubs(rom: Assembler): void {
  const stubs: [string, number][] = [
    ['int05', SERVICE.INT_05],
    ['int11', SERVICE.INT_11],
    ['int12', SERVICE.INT_12],
    ['int13', SERVICE.INT_13],
    ['int14', SERVICE.INT_14],
    ['int15', SERVICE.INT_15],
    ['int16', SERVICE.INT_16],
    ['int17', SERVICE.INT_17],
    ['int1a', SERVICE.INT_1A],
  ];
  for (const [label, service] of stubs) emitServiceStub(rom, label, service);
  rom.label('ignore');
  rom.label('int02');
  rom.code('cf'); // iret
}

function emitInterruptHandlers(rom: Assembler): void {
  emitTimer(rom);
  emitKeyboard(rom);
  emitSlaveInterrupts(rom);
  rom.label('irq_master'); // an IRQ of the first controller that nobody serves
  rom.code('50 b0 20 e6 20 58 cf'); // push ax; mov al,20h; out 20h,al; pop ax; iret
  rom.label('int0e'); // floppy: note the interrupt in 40:3e
  rom.code('1e 50 b8 40 00 8e d8 80 0e 3e 00 80 b0 20 e6 20 58 1f cf');
}

/** IRQ 0: ticks since midnight, floppy motor time-out, INT 1Ch. */
function emitTimer(rom: Assembler): void {
  rom.label('int08');
  rom.code('1e 50 52 b8 40 00 8e d8'); // push ds, ax, dx; mov ds,40h
  rom.code('66 ff 06 6c 00'); // inc dword [6ch]
  rom.code('66 81 3e 6c 00 b0 00 18 00 72 @tick_same_day'); // cmp dword [6ch],1800b0h; jb
  rom.code('66 c7 06 6c 00 00 00 00 00 fe 06 70 00'); // mov dword [6ch],0; inc byte [70h]
  rom.label('tick_same_day');
  rom.code('80 3e 40 00 00 74 @tick_motor_done'); // cmp byte [40h],0; je
  rom.code('fe 0e 40 00 75 @tick_motor_done'); // dec byte [40h]; jnz
  rom.code('80 26 3f 00 f0 ba f2 03 b0 0c ee'); // and byte [3fh],0f0h; motors off
  rom.label('tick_motor_done');
  rom.code('cd 1c fa b0 20 e6 20 5a 58 1f cf'); // int 1ch; cli; EOI; pop dx, ax, ds; iret
}

/** IRQ 1: scan code through INT 15h/4Fh to the buffer, then what the key asks for. */
function emitKeyboard(rom: Assembler): void {
  rom.label('int09');
  rom.code('60 1e 06 fc'); // pusha; push ds; push es; cld
  // Only with a keyboard byte waiting: answers taken by polling leave a stale interrupt behind.
  rom.code('e4 64 24 21 3c 01 75 @key_dropped'); // in al,64h; and al,21h; cmp al,1; jne
  rom.code('e4 60'); // in al,60h
  rom.code('b4 4f f9 cd 15 73 @key_dropped'); // mov ah,4fh; stc; int 15h; jnc
  rom.code('88 c1'); // mov cl,al
  rom.code(trap(SERVICE.KEY));
  rom.code('eb @key_eoi');
  rom.label('key_dropped');
  rom.code('31 c0');
  rom.label('key_eoi');
  rom.code('89 c1 b0 20 e6 20'); // mov cx,ax; EOI
  rom.code('e3 @key_done'); // jcxz
  rom.code('49 75 @key_2 cd 1b eb @key_done'); // dec cx; Ctrl-Break: int 1bh
  rom.label('key_2');
  rom.code('49 75 @key_3 cd 05 eb @key_done'); // Print Screen: int 5
  rom.label('key_3');
  rom.code('49 75 @key_4 b8 00 85 fb cd 15 eb @key_done'); // SysRq pressed
  rom.label('key_4');
  rom.code('49 75 @key_5 b8 01 85 fb cd 15 eb @key_done'); // SysRq released
  rom.label('key_5');
  rom.code('49 75 @key_6 b8 40 00 8e d8 fb'); // Pause: wait until bit 3 of 40:18 is cleared by the next key
  rom.label('key_pause');
  rom.code('f4 f6 06 18 00 08 75 @key_pause eb @key_done');
  rom.label('key_6');
  rom.code('ea f0 ff 00 f0'); // Ctrl-Alt-Del: jmp f000:fff0
  rom.label('key_done');
  rom.code('07 1f 61 cf'); // pop es; pop ds; popa; iret
}

function emitSlaveInterrupts(rom: Assembler): void {
  const ebda = `b8 ${(EBDA_SEGMENT & 0xff).toString(16)} ${(EBDA_SEGMENT >> 8).toString(16)} 8e d8`;
  rom.label('int70'); // RTC: periodic waits and the alarm
  rom.code('60 1e 06 fc');
  rom.code(trap(SERVICE.RTC));
  rom.code('85 c0 74 @slave_done cd 4a eb @slave_done'); // int 4ah
  rom.label('int74'); // PS/2 mouse: BX status, CX x, DX y of a complete packet go to the handler set by INT 15h/C207h
  rom.code('60 1e 06 fc');
  rom.code(trap(SERVICE.MOUSE));
  rom.code('85 c0 74 @slave_done 53 51 52 6a 00'); // push bx; push cx; push dx; push 0
  rom.code(`${ebda} ff 1e 22 00 83 c4 08`); // mov ds,EBDA; call far [22h]; add sp,8
  rom.label('slave_done');
  rom.code('fa b0 20 e6 a0 e6 20 07 1f 61 cf');
  rom.label('int75'); // x87 error: to NMI, as the AT wires it
  rom.code('50 30 c0 e6 f0 b0 20 e6 a0 e6 20 58 cd 02 cf');
  rom.label('int76'); // fixed disk: note it in 40:8e
  rom.code('1e 50 b8 40 00 8e d8 c6 06 8e 00 ff b0 20 e6 a0 e6 20 58 1f cf');
  rom.label('irq_slave');
  rom.code('50 b0 20 e6 a0 e6 20 58 cf');
}

/** BIOS32, PCI and APM services that protected-mode callers reach by a far call. */
function emitProtectedModeEntries(rom: Assembler): void {
  const trap32 = (service: number): string => {
    const low = (service & 0xff).toString(16).padStart(2, '0');
    const high = (service >> 8).toString(16).padStart(2, '0');
    // push edx; push eax; mov ax,service; mov dx,TRAP_PORT; out dx,ax; pop eax; pop edx; retf
    return `52 50 66 b8 ${low} ${high} 66 ba ${(TRAP_PORT & 0xff).toString(16)} ${(TRAP_PORT >> 8).toString(16).padStart(2, '0')} 66 ef 58 5a cb`;
  };
  rom.label('pci32');
  rom.code(trap32(SERVICE.PCI_32));
  rom.label('apm32');
  rom.code(trap32(SERVICE.APM_32));
  rom.label('apm16');
  rom.code(`52 50 ${trap(SERVICE.APM_16)} 58 5a cb`);
  // PnP BIOS calls: 60h answers that this BIOS boots by bootstrap entries [BBS-1.01 §D.1], so that network
  // ROMs offer one instead of taking INT 19h; all others are not supported (82h).
  rom.label('pnp16');
  rom.code('55 89 e5 83 7e 06 60 75 @pnp_unsupported'); // push bp; mov bp,sp; cmp word [bp+6],60h; jne
  rom.code('06 57 c4 7e 08 26 c7 05 01 01 5f 07'); // les di,[bp+8]; mov word es:[di],0101h
  rom.code('31 c0 5d cb'); // xor ax,ax; pop bp; retf
  rom.label('pnp_unsupported');
  rom.code('b8 82 00 5d cb');
  rom.label('bios32');
  rom.code('3d 24 50 43 49 75 @bios32_unknown'); // cmp eax,"$PCI"
  rom.code('30 c0 bb 00 00 0f 00 b9 00 00 01 00 31 d2 66 ba =pci32 cb'); // al 0, ebx base, ecx length, edx entry
  rom.label('bios32_unknown');
  rom.code('b0 80 cb');
  emitBios32Directory(rom);
  emitPnpHeader(rom);
}

/** [BIOS32-0.4] */
function emitBios32Directory(rom: Assembler): void {
  rom.align(16);
  const header = new Uint8Array(16);
  putText(header, 0, '_32_');
  new DataView(header.buffer).setUint32(4, BASE + rom.offsetOf('bios32'), true);
  header[9] = 1;
  header[10] = checksum(header);
  rom.data(header);
}

/** [PNP-BIOS-1.0A §4.4]; option ROMs want to be shown one. */
function emitPnpHeader(rom: Assembler): void {
  rom.align(16);
  rom.label('pnp_header');
  const header = new Uint8Array(0x21);
  const view = new DataView(header.buffer);
  putText(header, 0, '$PnP');
  // Version 1.0, no event notification.
  header[4] = 0x10;
  header[5] = header.length;
  view.setUint16(0x0d, rom.offsetOf('pnp16'), true);
  view.setUint16(0x0f, 0xf000, true);
  view.setUint16(0x11, rom.offsetOf('pnp16'), true);
  view.setUint32(0x13, BASE, true);
  view.setUint16(0x1b, 0xf000, true);
  view.setUint32(0x1d, BASE, true);
  header[8] = checksum(header);
  rom.data(header);
}

function emitFixedPlaces(rom: Assembler): void {
  const places: { offset: number; emit: () => void }[] = compatibleEntries.map(({ offset, label }) => ({
    offset,
    emit: () => rom.code(label === 'ignore' ? 'cf' : `e9 @@${label}`),
  }));
  places.push(
    { offset: POST_ENTRY, emit: () => rom.code('e9 @@post') },
    // Length, model AT, submodel, revision; second PIC, RTC, INT 15h/4Fh, EBDA; INT 16h/09h.
    { offset: CONFIGURATION_TABLE, emit: () => rom.data([8, 0, 0xfc, 0, 1, 0x74, 0x40, 0, 0, 0]) },
    { offset: DISKETTE_TABLE, emit: () => rom.data([0xaf, 2, 0x25, 2, 18, 0x1b, 0xff, 0x6c, 0xf6, 0x0f, 8]) },
    { offset: FONT_LOW_HALF, emit: () => rom.data(font8x8.subarray(0, 1024)) },
    { offset: RESET_VECTOR, emit: () => rom.code('ea 5b e0 00 f0') },
  );
  places.sort((left, right) => left.offset - right.offset);
  for (const { offset, emit } of places) {
    rom.org(offset);
    emit();
  }
  rom.org(0xfff5);
  rom.data([...'11/20/26'].map((character) => character.charCodeAt(0)));
  rom.org(0xfffe);
  rom.data([0xfc]);
}
