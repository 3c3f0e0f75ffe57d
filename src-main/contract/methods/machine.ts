// Machines: their definitions, their life, and what is asked of a running one.
import { z } from 'zod';
import { activitySample, activityTotals } from '../activity.ts';
import {
  machineDefinition,
  machineGroup,
  machineSettings,
  machineSettingsPatch,
  machineState,
  machineUiPatch,
} from '../machine.ts';
import { method } from '../method.ts';
import { hostPath, id, machineName } from '../primitives.ts';
import { begun, done, inaccessibleMachine, machineRef, machineSummary, nothing } from './shapes.ts';

/** DOM KeyboardEvent.code, as the keyboard device knows it. */
export const keyCode = z.string().min(1).max(30);
export const keyEvent = z.strictObject({ code: keyCode, isDown: z.boolean() });
export type KeyEvent = z.infer<typeof keyEvent>;

const wheel = z.number().int().min(-128).max(127).default(0);
const buttons = z.number().int().min(0).max(31).describe('Bit 0 left, 1 right, 2 middle');
export const pointerEvent = z.strictObject({
  dx: z.number().int().min(-4096).max(4096),
  dy: z.number().int().min(-4096).max(4096),
  wheel,
  buttons,
});
/** 0 is the left or upper edge of the screen, 65535 the right or lower one. */
export const absolutePointerEvent = z.strictObject({
  x: z.number().int().min(0).max(65_535),
  y: z.number().int().min(0).max(65_535),
  wheel,
  buttons,
});

/** A file that belongs to a machine or is used by it. */
export const machineFile = z.strictObject({
  path: z.string(),
  sizeBytes: z.number(),
  isOwned: z.boolean().describe('It lies in the machine’s folder and goes with it'),
  usedBy: z.array(z.string()).describe('Names of other machines that use it'),
});

export const logFile = z.strictObject({ name: z.string(), sizeBytes: z.number(), modifiedAt: z.iso.datetime() });

export const machineMethods = {
  'machine.list': method({
    summary: 'Lists all machines, in the order of the manager window.',
    http: 'GET /machines',
    input: nothing,
    output: z.strictObject({ machines: z.array(machineSummary), inaccessible: z.array(inaccessibleMachine) }),
    errors: [],
  }),
  'machine.get': method({
    summary: 'Gives a machine’s whole definition and its state.',
    http: 'GET /machines/{id}',
    input: machineRef,
    output: z.strictObject({ definition: machineDefinition, summary: machineSummary }),
    errors: ['machine.notFound'],
  }),
  'machine.create': method({
    summary: 'Creates a machine.',
    http: 'POST /machines',
    input: z.strictObject({
      name: machineName,
      os: z.string().max(60).optional(),
      description: z.string().max(65_535).optional(),
      group: machineGroup.optional(),
      settings: machineSettings,
      ui: machineUiPatch.optional(),
      newDisk: z
        .strictObject({
          sizeBytes: z
            .number()
            .int()
            .min(1_048_576)
            .max(2 ** 43),
          isPreallocated: z.boolean().default(false),
        })
        .optional()
        .describe('A raw disk NAME.img made in the machine’s folder, attached as its first hard disk'),
      newDiskBus: z.enum(['ide', 'virtio']).default('virtio').describe('Where the new disk is attached'),
    }),
    output: z.strictObject({ id }),
    errors: ['machine.nameTaken', 'host.fileNotFound', 'medium.notFound', 'host.ioError'],
  }),
  'machine.update': method({
    summary: 'Changes part of a machine; while it runs, only what is safe then.',
    http: 'PATCH /machines/{id}',
    input: z.strictObject({
      id,
      name: machineName.optional(),
      os: z.string().max(60).optional(),
      description: z.string().max(65_535).optional(),
      group: machineGroup.optional(),
      ui: machineUiPatch.optional(),
      settings: machineSettingsPatch.optional(),
    }),
    output: done,
    errors: ['machine.notFound', 'machine.nameTaken', 'machine.wrongState', 'host.fileNotFound'],
  }),
  'machine.arrange': method({
    summary: 'Puts machines into groups and into an order.',
    http: 'PUT /machines-order',
    input: z.strictObject({
      entries: z
        .array(z.strictObject({ id, group: machineGroup }))
        .max(10_000)
        .describe('All machines in their new order; those left out keep their group and go to the end'),
    }),
    output: done,
    errors: ['machine.notFound'],
  }),
  'machine.register': method({
    summary: 'Adds an existing machine: a folder with a machine.json, or that file.',
    http: 'POST /machines/register',
    input: z.strictObject({ path: hostPath }),
    output: z.strictObject({ id }),
    errors: ['machine.nameTaken', 'machine.inaccessible', 'host.fileNotFound', 'config.invalid'],
  }),
  'machine.refresh': method({
    summary:
      'Reads the definitions anew: an inaccessible machine may have been mended, one may have been edited by hand.',
    http: 'POST /machines/refresh',
    input: nothing,
    output: done,
    errors: [],
  }),
  'machine.forget': method({
    summary: 'Takes an inaccessible machine off the list; its files stay as they are.',
    http: 'POST /machines/forget',
    input: z.strictObject({ folder: hostPath.describe('As machine.list gives it') }),
    output: done,
    errors: ['machine.notFound'],
  }),
  'machine.files': method({
    summary: 'Lists the files a machine owns or uses, and who else uses them.',
    http: 'GET /machines/{id}/files',
    input: machineRef,
    output: z.strictObject({ folder: z.string(), files: z.array(machineFile) }),
    errors: ['machine.notFound'],
  }),
  'machine.remove': method({
    summary: 'Removes a machine that is off from the list, with or without its folder; media outside the folder stay.',
    http: 'DELETE /machines/{id}',
    input: z.strictObject({
      id,
      keepFiles: z.boolean().default(false).describe('Leave its folder where it is'),
    }),
    output: done,
    errors: ['machine.notFound', 'machine.wrongState', 'medium.locked'],
  }),
  'machine.move': method({
    summary: 'Moves a machine’s folder into another folder.',
    http: 'POST /machines/{id}/move',
    input: z.strictObject({ id, folder: hostPath.describe('Existing folder that gets the machine’s folder') }),
    output: begun,
    errors: ['machine.notFound', 'machine.wrongState', 'machine.nameTaken', 'host.ioError', 'host.fileNotFound'],
  }),
  'machine.start': method({
    summary: 'Starts a machine.',
    http: 'POST /machines/{id}/start',
    input: z.strictObject({
      id,
      isDisposable: z.boolean().default(false).describe('Throw away at power-off whatever the guest writes'),
      startPaused: z.boolean().default(false),
    }),
    output: done,
    errors: ['machine.notFound', 'machine.wrongState', 'feature.unavailable'],
  }),
  'machine.pause': method({
    summary: 'Stops a machine’s time.',
    http: 'POST /machines/{id}/pause',
    input: machineRef,
    output: done,
    errors: ['machine.notFound', 'machine.wrongState'],
  }),
  'machine.resume': method({
    summary: 'Lets a paused machine go on.',
    http: 'POST /machines/{id}/resume',
    input: machineRef,
    output: done,
    errors: ['machine.notFound', 'machine.wrongState'],
  }),
  'machine.reset': method({
    summary: 'Presses the reset button.',
    http: 'POST /machines/{id}/reset',
    input: machineRef,
    output: done,
    errors: ['machine.notFound', 'machine.wrongState'],
  }),
  'machine.powerButton': method({
    summary: 'Presses the ACPI power button.',
    http: 'POST /machines/{id}/power-button',
    input: machineRef,
    output: done,
    errors: ['machine.notFound', 'machine.wrongState'],
  }),
  'machine.powerOff': method({
    summary: 'Pulls the plug.',
    http: 'POST /machines/{id}/power-off',
    input: machineRef,
    output: done,
    errors: ['machine.notFound', 'machine.wrongState'],
  }),
  'machine.keys': method({
    summary: 'Presses and releases keys.',
    http: 'POST /machines/{id}/keys',
    input: z.strictObject({ id, events: z.array(keyEvent).max(1000) }),
    output: done,
    errors: ['machine.notFound', 'machine.wrongState'],
  }),
  'machine.type': method({
    summary: 'Types text on a US keyboard.',
    http: 'POST /machines/{id}/type',
    input: z.strictObject({ id, text: z.string().max(10_000) }),
    output: done,
    errors: ['machine.notFound', 'machine.wrongState'],
  }),
  'machine.pointer': method({
    summary: 'Moves the mouse.',
    http: 'POST /machines/{id}/pointer',
    input: z.strictObject({ id, event: pointerEvent }),
    output: done,
    errors: ['machine.notFound', 'machine.wrongState'],
  }),
  'machine.pointerAbsolute': method({
    summary: 'Puts the pointer at a place of the screen, for guests whose driver takes absolute positions.',
    http: 'POST /machines/{id}/pointer-absolute',
    input: z.strictObject({ id, event: absolutePointerEvent }),
    output: done,
    errors: ['machine.notFound', 'machine.wrongState'],
  }),
  'machine.serialInput': method({
    summary: 'Sends bytes (base64) to a serial port.',
    http: 'POST /machines/{id}/serial/{port}',
    input: z.strictObject({ id, port: z.number().int().min(0).max(3), data: z.base64().max(100_000) }),
    output: done,
    errors: ['machine.notFound', 'machine.wrongState'],
  }),
  'machine.changeMedium': method({
    summary: 'Inserts a disc or floppy into a drive of a machine, or takes it out; remembered in its settings.',
    http: 'PUT /machines/{id}/drives/{attachment}',
    input: z.strictObject({ id, attachment: z.number().int().min(0).max(31), path: hostPath.nullable() }),
    output: done,
    errors: ['machine.notFound', 'medium.notFound', 'medium.unsupportedFormat', 'usage.invalid'],
  }),
  'machine.screenshot': method({
    summary: 'Takes a picture of the screen (PNG, base64).',
    http: 'GET /machines/{id}/screenshot',
    input: z.strictObject({
      id,
      maxWidth: z.number().int().min(16).max(4096).optional().describe('Make it smaller, keeping its shape'),
    }),
    output: z.strictObject({ width: z.number(), height: z.number(), png: z.base64() }),
    errors: ['machine.notFound', 'machine.wrongState'],
  }),
  'machine.text': method({
    summary: 'Reads the text screen; null in a graphics mode.',
    http: 'GET /machines/{id}/text',
    input: machineRef,
    output: z.strictObject({ lines: z.array(z.string()).nullable() }),
    errors: ['machine.notFound', 'machine.wrongState'],
  }),
  'machine.wait': method({
    summary: 'Waits until a machine shows a text, prints one, or reaches a state.',
    http: 'POST /machines/{id}/wait',
    input: z.strictObject({
      id,
      screen: z.string().max(1000).optional().describe('Regular expression to find on the text screen'),
      serial: z.string().max(1000).optional().describe('Regular expression to find in the serial output'),
      state: machineState.optional(),
      timeoutSeconds: z.number().min(0).max(86_400).default(60),
    }),
    output: z.strictObject({ isMet: z.boolean(), match: z.string() }),
    errors: ['machine.notFound', 'machine.wrongState', 'usage.invalid'],
  }),
  'machine.logs': method({
    summary: 'Lists a machine’s log files, newest first.',
    http: 'GET /machines/{id}/logs',
    input: machineRef,
    output: z.strictObject({ files: z.array(logFile) }),
    errors: ['machine.notFound'],
  }),
  'machine.log': method({
    summary: 'Gives the newest lines of a machine’s log.',
    http: 'GET /machines/{id}/log',
    input: z.strictObject({
      id,
      name: z.string().max(60).optional().describe('One of machine.logs; the newest otherwise'),
    }),
    output: z.strictObject({ lines: z.array(z.string()) }),
    errors: ['machine.notFound', 'host.fileNotFound'],
  }),
  'machine.stats': method({
    summary: 'Gives a running machine’s counters.',
    http: 'GET /machines/{id}/stats',
    input: machineRef,
    output: z.strictObject({
      accelerator: z.string(),
      acceleratorReason: z.string(),
      instructions: z.number(),
      guestMips: z.number(),
      cpuSeconds: z.number(),
      wallSeconds: z.number(),
      haltedSeconds: z.number(),
      exits: z.number(),
      interrupts: z.number(),
      translatedShare: z.number(),
      ramBytes: z.number(),
    }),
    errors: ['machine.notFound', 'machine.wrongState'],
  }),
  'machine.activity': method({
    summary: 'Gives what was measured of a machine in the last minutes, oldest first.',
    http: 'GET /machines/{id}/activity',
    input: machineRef,
    output: z.strictObject({ samples: z.array(activitySample), totals: activityTotals }),
    errors: ['machine.notFound'],
  }),
} as const;
