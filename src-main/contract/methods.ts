// THE API: every method that the desktop, the browser, the command line and REST can call.
import { z } from 'zod';
import { accelerator, machineDefinition, machineSettings, machineState } from './machine.ts';
import { method } from './method.ts';
import { hostPath, id, machineName } from './primitives.ts';

const machineRef = z.strictObject({ id });
const nothing = z.strictObject({});
const done = z.null();

export const machineSummary = z.strictObject({
  id,
  name: z.string(),
  os: z.string(),
  group: z.string(),
  state: machineState,
  /** Why the machine crashed or could not start; empty otherwise. */
  message: z.string(),
  memoryMib: z.number(),
  cpus: z.number(),
});
export type MachineSummary = z.infer<typeof machineSummary>;

/** A machine whose file cannot be used. It is left untouched. */
export const inaccessibleMachine = z.strictObject({ folder: z.string(), reason: z.string() });

export const directoryEntry = z.strictObject({ name: z.string(), isDirectory: z.boolean(), sizeBytes: z.number() });

/** DOM KeyboardEvent.code, as the keyboard device knows it. */
export const keyCode = z.string().min(1).max(30);
export const keyEvent = z.strictObject({ code: keyCode, isDown: z.boolean() });
export type KeyEvent = z.infer<typeof keyEvent>;
export const pointerEvent = z.strictObject({
  dx: z.number().int().min(-4096).max(4096),
  dy: z.number().int().min(-4096).max(4096),
  wheel: z.number().int().min(-128).max(127),
  buttons: z.number().int().min(0).max(31),
});

export const methods = {
  'host.info': method({
    summary: 'Tells the version, the home folder and what this host can do.',
    input: nothing,
    output: z.strictObject({
      version: z.string(),
      home: z.string(),
      platform: z.string(),
      logicalProcessors: z.number(),
      memoryMib: z.number(),
      accelerators: z.array(z.strictObject({ id: accelerator, isAvailable: z.boolean(), reason: z.string() })),
    }),
    errors: [],
  }),
  'host.browse': method({
    summary: 'Lists a folder of the host, for choosing a file.',
    input: z.strictObject({ path: hostPath.nullable().describe('Absolute folder; null for the user’s home') }),
    output: z.strictObject({
      path: z.string(),
      parent: z.string().nullable(),
      entries: z.array(directoryEntry),
      isTruncated: z.boolean(),
    }),
    errors: ['host.fileNotFound', 'host.permissionDenied'],
  }),
  'machine.list': method({
    summary: 'Lists all machines.',
    input: nothing,
    output: z.strictObject({ machines: z.array(machineSummary), inaccessible: z.array(inaccessibleMachine) }),
    errors: [],
  }),
  'machine.get': method({
    summary: 'Gives a machine’s whole definition and its state.',
    input: machineRef,
    output: z.strictObject({
      definition: machineDefinition,
      summary: machineSummary,
      acceleratorInUse: z.string().nullable(),
    }),
    errors: ['machine.notFound'],
  }),
  'machine.create': method({
    summary: 'Creates a machine.',
    input: z.strictObject({
      name: machineName,
      os: z.string().max(60).optional(),
      description: z.string().max(65_535).optional(),
      settings: machineSettings,
    }),
    output: z.strictObject({ id }),
    errors: ['machine.nameTaken', 'host.fileNotFound', 'medium.notFound'],
  }),
  'machine.update': method({
    summary: 'Replaces name, description or settings of a machine that is off.',
    input: z.strictObject({
      id,
      name: machineName.optional(),
      description: z.string().max(65_535).optional(),
      settings: machineSettings.optional(),
    }),
    output: done,
    errors: ['machine.notFound', 'machine.nameTaken', 'machine.wrongState'],
  }),
  'machine.remove': method({
    summary: 'Removes a machine that is off, with its folder; media outside the folder stay.',
    input: machineRef,
    output: done,
    errors: ['machine.notFound', 'machine.wrongState'],
  }),
  'machine.start': method({
    summary: 'Starts a machine.',
    input: machineRef,
    output: done,
    errors: ['machine.notFound', 'machine.wrongState', 'feature.unavailable'],
  }),
  'machine.pause': method({
    summary: 'Stops a machine’s time.',
    input: machineRef,
    output: done,
    errors: ['machine.notFound', 'machine.wrongState'],
  }),
  'machine.resume': method({
    summary: 'Lets a paused machine go on.',
    input: machineRef,
    output: done,
    errors: ['machine.notFound', 'machine.wrongState'],
  }),
  'machine.reset': method({
    summary: 'Presses the reset button.',
    input: machineRef,
    output: done,
    errors: ['machine.notFound', 'machine.wrongState'],
  }),
  'machine.powerButton': method({
    summary: 'Presses the ACPI power button.',
    input: machineRef,
    output: done,
    errors: ['machine.notFound', 'machine.wrongState'],
  }),
  'machine.powerOff': method({
    summary: 'Pulls the plug.',
    input: machineRef,
    output: done,
    errors: ['machine.notFound', 'machine.wrongState'],
  }),
  'machine.keys': method({
    summary: 'Presses and releases keys.',
    input: z.strictObject({ id, events: z.array(keyEvent).max(1000) }),
    output: done,
    errors: ['machine.notFound', 'machine.wrongState'],
  }),
  'machine.type': method({
    summary: 'Types text on a US keyboard.',
    input: z.strictObject({ id, text: z.string().max(10_000) }),
    output: done,
    errors: ['machine.notFound', 'machine.wrongState'],
  }),
  'machine.pointer': method({
    summary: 'Moves the mouse.',
    input: z.strictObject({ id, event: pointerEvent }),
    output: done,
    errors: ['machine.notFound', 'machine.wrongState'],
  }),
  'machine.serialInput': method({
    summary: 'Sends bytes (base64) to a serial port.',
    input: z.strictObject({ id, port: z.number().int().min(0).max(3), data: z.base64().max(100_000) }),
    output: done,
    errors: ['machine.notFound', 'machine.wrongState'],
  }),
  'machine.changeMedium': method({
    summary: 'Inserts a disc or floppy into a drive of a machine, or takes it out.',
    input: z.strictObject({ id, attachment: z.number().int().min(0).max(31), path: hostPath.nullable() }),
    output: done,
    errors: ['machine.notFound', 'medium.notFound', 'medium.unsupportedFormat'],
  }),
  'machine.screenshot': method({
    summary: 'Takes a picture of the screen (PNG, base64).',
    input: machineRef,
    output: z.strictObject({ width: z.number(), height: z.number(), png: z.base64() }),
    errors: ['machine.notFound', 'machine.wrongState'],
  }),
  'machine.text': method({
    summary: 'Reads the text screen; null in a graphics mode.',
    input: machineRef,
    output: z.strictObject({ lines: z.array(z.string()).nullable() }),
    errors: ['machine.notFound', 'machine.wrongState'],
  }),
  'machine.log': method({
    summary: 'Gives the newest lines of a machine’s log.',
    input: machineRef,
    output: z.strictObject({ lines: z.array(z.string()) }),
    errors: ['machine.notFound'],
  }),
  'machine.stats': method({
    summary: 'Gives a running machine’s counters.',
    input: machineRef,
    output: z.strictObject({
      accelerator: z.string(),
      acceleratorReason: z.string(),
      instructions: z.number(),
      guestMips: z.number(),
      cpuSeconds: z.number(),
      wallSeconds: z.number(),
      haltedSeconds: z.number(),
    }),
    errors: ['machine.notFound', 'machine.wrongState'],
  }),
  'console.open': method({
    summary: 'Lets this connection receive a machine’s screen and serial output (see streams).',
    input: machineRef,
    output: done,
    errors: ['machine.notFound'],
  }),
  'console.close': method({ summary: 'Ends what console.open began.', input: machineRef, output: done, errors: [] }),
  'console.frameShown': method({
    summary: 'The last frame is on the screen: send the next.',
    input: machineRef,
    output: done,
    errors: [],
  }),
} as const;

export type Methods = typeof methods;
export type MethodName = keyof Methods;
export type MethodInput<Name extends MethodName> = z.input<Methods[Name]['input']>;
export type MethodParsed<Name extends MethodName> = z.output<Methods[Name]['input']>;
export type MethodOutput<Name extends MethodName> = z.output<Methods[Name]['output']>;
