// The differentiated system description: the PCI root with its interrupt routing, and the devices behind the ISA bridge
// that cannot be enumerated. Written for a PIIX3/PIIX4 board: PIRQ routing registers 0x60-0x63, PM block at 0x600.
import {
  HPET_ADDRESS,
  type MachineDescription,
  PCI_IRQS,
  PCI_WINDOW_END,
  PM_IO_BASE,
  pciWindowStart,
  pirqOf,
} from '../machine-description.ts';
import {
  type Aml,
  and,
  argument,
  busRange,
  createDwordField,
  device,
  dmaChannel,
  eisaId,
  field,
  fixedMemory,
  giveBack,
  ifTrue,
  integer,
  ioRange,
  ioWindow,
  isaInterrupt,
  levelInterrupts,
  local,
  memoryWindow,
  method,
  name,
  or,
  pack,
  path,
  processor,
  region,
  resources,
  scope,
  store,
} from './aml.ts';

const linkNames = ['LNKA', 'LNKB', 'LNKC', 'LNKD'] as const;
const routeNames = ['PRQ0', 'PRQ1', 'PRQ2', 'PRQ3'] as const;
const ROUTING_DISABLED = 0x80;

/** The AML of the definition block, without the table header. */
export function buildDsdtBody(machine: MachineDescription): Uint8Array {
  return Uint8Array.from([
    // Sleep type 0 is soft-off in the PIIX4 PM1 control register.
    ...name('\\_S5', pack([integer(0), integer(0), integer(0), integer(0)])),
    ...name('\\PICF', integer(0)),
    ...method('\\_PIC', 1, {}, store(argument(0), path('\\PICF'))),
    ...scope('\\_SB', ...processors(machine), pciRoot(machine), ...linkDevices(), ...hpet(machine)),
  ]);
}

function processors(machine: MachineDescription): Aml[] {
  return Array.from({ length: machine.vcpuCount }, (_, index) =>
    processor(`CP${index.toString(16).toUpperCase().padStart(2, '0')}`, index),
  );
}

function pciRoot(machine: MachineDescription): Aml {
  return device(
    'PCI0',
    name('_HID', eisaId('PNP0A03')),
    name('_UID', integer(0)),
    name('_ADR', integer(0)),
    name(
      '_CRS',
      resources(
        busRange(0, 0xff),
        ioRange(0xcf8, 8),
        ioWindow(0, 0xcf7),
        ioWindow(0xd00, 0xffff),
        memoryWindow(0xa0000, 0xbffff, true),
        memoryWindow(pciWindowStart(machine), PCI_WINDOW_END - 1, false),
      ),
    ),
    name('_PRT', pack(routingEntries())),
    isaBridge(machine),
  );
}

/** One entry for each pin of each slot; the links are the same with and without the IOAPIC, as on the board. */
function routingEntries(): Aml[] {
  const entries: Aml[] = [];
  for (let slot = 0; slot < 32; slot++) {
    for (let pin = 1; pin <= 4; pin++) {
      const link = path(`\\_SB.${linkNames[pirqOf(slot, pin)]!}`);
      entries.push(pack([integer(slot * 0x10000 + 0xffff), integer(pin - 1), link, integer(0)]));
    }
  }
  return entries;
}

function isaBridge(machine: MachineDescription): Aml {
  return device(
    'ISA_',
    name('_ADR', integer(machine.isaBridgeSlot << 16)),
    region('PIRQ', 'pciConfig', 0x60, 4),
    field(
      'PIRQ',
      routeNames.map((id) => ({ id, bits: 8 })),
    ),
    ...boardDevices(),
    ...serialPorts(machine),
    ...parallelPorts(machine),
    ...floppyController(machine),
  );
}

function legacyDevice(id: string, hid: string, ...descriptors: Aml[]): Aml {
  return device(id, name('_HID', eisaId(hid)), name('_CRS', resources(...descriptors)));
}

function boardDevices(): Aml[] {
  return [
    legacyDevice('PIC_', 'PNP0000', ioRange(0x20, 2), ioRange(0xa0, 2), ioRange(0x4d0, 2), isaInterrupt(2)),
    legacyDevice('TIMR', 'PNP0100', ioRange(0x40, 4), isaInterrupt(0)),
    legacyDevice('DMAC', 'PNP0200', ioRange(0, 16), ioRange(0x81, 15), ioRange(0xc0, 32), dmaChannel(4)),
    legacyDevice('SPKR', 'PNP0800', ioRange(0x61, 1)),
    legacyDevice('RTC_', 'PNP0B00', ioRange(0x70, 2), isaInterrupt(8)),
    legacyDevice('COPR', 'PNP0C04', ioRange(0xf0, 16), isaInterrupt(13)),
    legacyDevice('KBD_', 'PNP0303', ioRange(0x60, 1), ioRange(0x64, 1), isaInterrupt(1)),
    legacyDevice('MOU_', 'PNP0F13', isaInterrupt(12)),
    // The power-management and SMBus blocks, so that nothing else is placed there.
    legacyDevice(
      'SYSR',
      'PNP0C02',
      ioRange(PM_IO_BASE, 0x40),
      ioRange(0x700, 0x10),
      ioRange(0xb2, 2),
      ioRange(0x92, 1),
    ),
  ];
}

function serialPorts(machine: MachineDescription): Aml[] {
  return machine.serialPorts.map((port, index) =>
    device(
      `COM${index + 1}`,
      name('_HID', eisaId('PNP0501')),
      name('_UID', integer(index + 1)),
      name('_CRS', resources(ioRange(port.ioPort, 8), isaInterrupt(port.irq))),
    ),
  );
}

function parallelPorts(machine: MachineDescription): Aml[] {
  return machine.parallelPorts.map((port, index) =>
    device(
      `LPT${index + 1}`,
      name('_HID', eisaId('PNP0400')),
      name('_UID', integer(index + 1)),
      name('_CRS', resources(ioRange(port.ioPort, 8), isaInterrupt(port.irq))),
    ),
  );
}

function floppyController(machine: MachineDescription): Aml[] {
  if (machine.floppyDrives === 0) return [];
  return [legacyDevice('FDC0', 'PNP0700', ioRange(0x3f2, 4), ioRange(0x3f7, 1), isaInterrupt(6), dmaChannel(2))];
}

function linkDevices(): Aml[] {
  return linkNames.map((id, index) => {
    const route = path(`\\_SB.PCI0.ISA_.${routeNames[index]!}`);
    return device(
      id,
      name('_HID', eisaId('PNP0C0F')),
      name('_UID', integer(index + 1)),
      name('_PRS', resources(levelInterrupts(PCI_IRQS))),
      method(
        '_STA',
        0,
        {},
        ifTrue(and(route, integer(ROUTING_DISABLED)), giveBack(integer(0x09))),
        giveBack(integer(0x0b)),
      ),
      method('_DIS', 0, {}, store(or(route, integer(ROUTING_DISABLED)), route)),
      // The interrupt number is the dword at byte 5 of the extended interrupt descriptor.
      method(
        '_CRS',
        0,
        { serialized: true },
        name('BUF_', resources(levelInterrupts([0]))),
        createDwordField(path('BUF_'), 5, 'IRQN'),
        store(and(route, integer(0x0f)), local(0)),
        ifTrue(and(route, integer(ROUTING_DISABLED)), store(integer(0), local(0))),
        store(local(0), path('IRQN')),
        giveBack(path('BUF_')),
      ),
      method('_SRS', 1, { serialized: true }, createDwordField(argument(0), 5, 'IRQW'), store(path('IRQW'), route)),
    );
  });
}

function hpet(machine: MachineDescription): Aml[] {
  return machine.hasHpet
    ? [
        device(
          'HPET',
          name('_HID', eisaId('PNP0103')),
          name('_UID', integer(0)),
          name('_CRS', resources(fixedMemory(HPET_ADDRESS, 0x400))),
        ),
      ]
    : [];
}
