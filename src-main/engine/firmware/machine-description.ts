// The facts of a machine that firmware announces to guests: memory sizes, processors and the devices that carry no
// identification of their own. The board's constants are those of a PIIX-class PC as QEMU's "pc" machine places them.

/** A serial (COM) or parallel (LPT) port at its ISA address. */
export interface LegacyPort {
  ioPort: number;
  irq: number;
}

/** What firmware tells guests about the machine. Sizes in bytes. */
export interface MachineDescription {
  /** RAM from address 0 up; at most 0xe0000000 and a multiple of 64 KiB. */
  lowMemoryBytes: number;
  /** RAM from 4 GiB up; 0 if there is none. */
  highMemoryBytes: number;
  vcpuCount: number;
  /** CPUID has long mode. */
  hasLongMode: boolean;
  hasHpet: boolean;
  hasIoApic: boolean;
  serialPorts: LegacyPort[];
  parallelPorts: LegacyPort[];
  /** 0..2 floppy drives (1.44 MB class). */
  floppyDrives: number;
  /** PCI slot of the PIIX ISA bridge, whose configuration registers 0x60-0x63 route PIRQA-D. */
  isaBridgeSlot: number;
  /** SMBIOS system identity. */
  uuid: Uint8Array;
  productName: string;
  serialNumber: string;
  /** Shown in the banner: the program's version. */
  version: string;
}

/** ACPI power-management block (PIIX4 function 3), fixed by the firmware. */
export const PM_IO_BASE = 0x600;
export const SMB_IO_BASE = 0x700;
export const SCI_IRQ = 9;
export const IOAPIC_ADDRESS = 0xfec00000;
export const LOCAL_APIC_ADDRESS = 0xfee00000;
export const HPET_ADDRESS = 0xfed00000;
/** End of the window that PCI memory BARs may use. */
export const PCI_WINDOW_END = 0xfec00000;
/** PCI I/O BARs are placed from here up. */
export const PCI_IO_START = 0xc000;
/** Interrupts that PIRQA-D may be routed to. */
export const PCI_IRQS = [5, 10, 11] as const;
/** Routing that the firmware sets up: PIRQA..PIRQD. */
export const PIRQ_DEFAULT = [10, 10, 11, 11] as const;

/** Local APIC ids are vCPU numbers; the IOAPIC takes the next one. */
export function ioApicId(machine: MachineDescription): number {
  return machine.vcpuCount;
}

/** Index 0..3 of the PIRQ that a function's pin (1..4) at `slot` is wired to. */
export function pirqOf(slot: number, pin: number): number {
  return (slot + pin - 1 + 3) & 3;
}

/** First address of the PCI memory window. */
export function pciWindowStart(machine: MachineDescription): number {
  return Math.max(machine.lowMemoryBytes, 0x80000000);
}
