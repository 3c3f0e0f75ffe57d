// A VGA with the Bochs display interface, laid out on PCI like QEMU's "stdvga" (1234:1111): framebuffer in BAR 0, registers in
// BAR 2, and the legacy ports and 0xa0000 window. Sources: see registers.ts and README.md.
// Not modelled: vertical interrupt (IRQ 2/9), light pen, count-by-two/four clocks, interlace, the border outside the picture.
import type { DisplaySource } from '../../../core/backends/display.ts';
import type { Device, DeviceContext, DeviceMemory, DeviceState, MmioHandler, PortIoHandler } from '../../bus/device.ts';
import { ByteWidePorts, openBus } from '../../bus/port-bus.ts';
import type { VgaConfig } from './config.ts';
import { DirtyTracker } from './dirty-tracker.ts';
import { Dispi } from './dispi.ts';
import { createEdid } from './edid.ts';
import { LegacyWindow } from './legacy-window.ts';
import { VgaPorts } from './ports.ts';
import * as r from './registers.ts';
import { createRegisters, resetRegisters, type VgaRegisters } from './registers.ts';
import { Retrace } from './retrace.ts';
import { VgaScreen } from './screen.ts';
import { restoreVga, saveVga } from './state.ts';

const legacyWindowGpa = 0xa0000;
const legacyWindowBytes = 0x20000;

export interface VgaOptions {
  /** Stable instance name. */
  id: string;
  /** Option ROM offered through PCI, for firmware that wants a VGA BIOS. */
  expansionRom?: Uint8Array;
}

export class Vga implements Device {
  readonly id: string;
  /** The picture, for windows, screenshots and text matching. */
  readonly display: DisplaySource;
  readonly #ctx: DeviceContext;
  readonly #registers: VgaRegisters = createRegisters();
  readonly #memory: DeviceMemory;
  readonly #dirty: DirtyTracker;
  readonly #window: LegacyWindow;
  readonly #retrace = new Retrace();
  readonly #ports: VgaPorts;
  readonly #dispi: Dispi;
  readonly #screen: VgaScreen;
  readonly #edid: Uint8Array = createEdid();
  #isFramebufferMapped = false;

  constructor(config: VgaConfig, ctx: DeviceContext, options: VgaOptions) {
    this.id = options.id;
    this.#ctx = ctx;
    this.#memory = ctx.allocateMemory(config.videoMemoryMiB * 0x100000, options.id);
    this.#dirty = new DirtyTracker(this.#memory.bytes.length);
    this.#window = new LegacyWindow(this.#registers, this.#memory.bytes, this.#dirty);
    this.#screen = new VgaScreen({
      registers: this.#registers,
      memory: this.#memory.bytes,
      dirty: this.#dirty,
      harvest: () => this.#harvest(),
      frameCount: () => Math.floor(ctx.clock.now() / this.#retrace.frameNs),
    });
    this.display = this.#screen;
    this.#ports = new VgaPorts(this.#registers, {
      windowChanged: () => this.#window.update(),
      timingChanged: () => this.#retrace.update(this.#registers),
      pictureChanged: () => this.#pictureChanged(),
      startChanged: () => {
        this.#screen.invalidateMode();
        this.#dirty.markStart();
      },
      retraceStatus: () => this.#retrace.read(ctx.clock.now()),
    });
    this.#dispi = new Dispi(this.#registers, this.#memory.bytes, () => {
      this.#window.update();
      this.#pictureChanged();
    });
    this.#mapLegacy();
    this.#addPciFunction(config, options.expansionRom);
  }

  reset(): void {
    resetRegisters(this.#registers);
    this.#memory.bytes.fill(0);
    this.#window.latch = 0;
    this.#afterReplacement();
  }

  save(): DeviceState {
    // The state does not hold when the guest last looked at the beam; forgotten here too, original and copy go on alike.
    this.#retrace.reset(this.#ctx.clock.now());
    return saveVga({ registers: this.#registers, latch: this.#window.latch, memory: this.#memory.bytes });
  }

  restore(state: DeviceState): void {
    this.#window.latch = restoreVga(state, { registers: this.#registers, memory: this.#memory.bytes });
    if ((this.#registers.dispi[r.VBE_DISPI_INDEX_ENABLE]! & r.VBE_DISPI_ENABLED) !== 0) this.#dispi.fit();
    this.#afterReplacement();
  }

  #afterReplacement(): void {
    this.#window.update();
    this.#retrace.update(this.#registers);
    this.#retrace.reset(this.#ctx.clock.now());
    this.#dirty.markFont();
    this.#pictureChanged();
  }

  #pictureChanged(): void {
    this.#screen.invalidateMode();
    this.#dirty.markEverything();
  }

  #harvest(): void {
    if (!this.#isFramebufferMapped) return;
    this.#memory.harvestDirty((start, end) => {
      this.#dirty.markRange(start, end);
      this.#dirty.markFont();
    });
  }

  #mapLegacy(): void {
    const { ctx, ports } = { ctx: this.#ctx, ports: this.#ports };
    const bytePorts = new ByteWidePorts(
      (port) => ports.read(port),
      (port, value) => ports.write(port, value),
    );
    ctx.mapPorts(r.PORT_CRTC_INDEX_MONO, 2, bytePorts);
    ctx.mapPorts(r.PORT_STATUS_MONO, 1, bytePorts);
    ctx.mapPorts(r.PORT_ATTRIBUTE, 16, bytePorts);
    ctx.mapPorts(r.PORT_CRTC_INDEX, 2, bytePorts);
    ctx.mapPorts(r.PORT_STATUS, 1, bytePorts);
    ctx.mapPorts(r.PORT_DISPI_INDEX, 2, this.#dispiPorts());
    ctx.mapMmio(legacyWindowGpa, legacyWindowBytes, this.#window);
  }

  #dispiPorts(): PortIoHandler {
    return {
      read: (port) =>
        port === r.PORT_DISPI_INDEX ? this.#registers.dispiIndex : this.#dispi.read(this.#registers.dispiIndex),
      write: (port, _size, value) => {
        if (port === r.PORT_DISPI_INDEX) this.#registers.dispiIndex = value & 0xffff;
        else this.#dispi.write(this.#registers.dispiIndex, value & 0xffff);
      },
    };
  }

  #addPciFunction(config: VgaConfig, expansionRom: Uint8Array | undefined): void {
    this.#ctx.pci.addFunction(
      {
        identity: {
          vendorId: r.PCI_VENDOR_BOCHS,
          deviceId: r.PCI_DEVICE_STDVGA,
          classCode: r.PCI_CLASS_VGA,
          revision: 2,
          subsystemVendorId: 0x1af4,
          subsystemId: 0x1100,
        },
        bars: {
          0: {
            kind: 'memory',
            sizeBytes: this.#memory.bytes.length,
            prefetchable: true,
            place: (gpa) => {
              this.#harvest();
              this.#memory.mapAt(gpa, { writable: true, logDirty: true });
              this.#isFramebufferMapped = gpa !== null;
            },
          },
          2: { kind: 'mmio', sizeBytes: r.MMIO_BAR_BYTES, handler: this.#registerBar() },
        },
        ...(expansionRom ? { expansionRom } : {}),
      },
      config.slot === undefined ? {} : { slot: config.slot },
    );
  }

  /** BAR 2: EDID, the VGA ports from 0x3c0 and the DISPI registers as memory. */
  #registerBar(): MmioHandler {
    return {
      read: (offset, size) => {
        if (offset >= r.MMIO_DISPI && offset < r.MMIO_DISPI_END) {
          const index = (offset - r.MMIO_DISPI) >> 1;
          const pair = this.#dispi.read(index) | (size === 4 ? this.#dispi.read(index + 1) << 16 : 0);
          return size === 1 ? (pair >> (8 * (offset & 1))) & 0xff : pair >>> 0;
        }
        let value = 0;
        for (let i = 0; i < size; i++) value |= this.#readBarByte(offset + i) << (8 * i);
        return value >>> 0;
      },
      write: (offset, size, value) => {
        if (offset >= r.MMIO_DISPI && offset < r.MMIO_DISPI_END) {
          if (size === 1) return;
          const index = (offset - r.MMIO_DISPI) >> 1;
          this.#dispi.write(index, value & 0xffff);
          if (size === 4) this.#dispi.write(index + 1, value >>> 16);
        } else if (offset >= r.MMIO_VGA_PORTS && offset + size <= r.MMIO_VGA_PORTS_END) {
          for (let i = 0; i < size; i++) {
            this.#ports.write(offset - r.MMIO_VGA_PORTS + r.PORT_ATTRIBUTE + i, (value >>> (8 * i)) & 0xff);
          }
        }
      },
    };
  }

  #readBarByte(offset: number): number {
    if (offset < r.MMIO_EDID_END) return this.#edid[offset - r.MMIO_EDID] ?? 0;
    if (offset >= r.MMIO_VGA_PORTS && offset < r.MMIO_VGA_PORTS_END) {
      return this.#ports.read(offset - r.MMIO_VGA_PORTS + r.PORT_ATTRIBUTE);
    }
    // 0x600: length of QEMU's extension registers, of which there are none; elsewhere nothing answers.
    return offset >= 0x600 && offset < 0x604 ? 0 : openBus(1);
  }
}
