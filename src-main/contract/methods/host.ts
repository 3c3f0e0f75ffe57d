// The host process itself: what it is, what it can do, its windows and its end.
import { z } from 'zod';
import { accelerator } from '../machine.ts';
import { method } from '../method.ts';
import { hostPath, id } from '../primitives.ts';
import { done, nothing } from './shapes.ts';

export const directoryEntry = z.strictObject({ name: z.string(), isDirectory: z.boolean(), sizeBytes: z.number() });

/** One line of the doctor page. */
export const doctorCheck = z.strictObject({
  id: z.string(),
  title: z.string(),
  status: z.enum(['ok', 'limited', 'missing']),
  explanation: z.string().describe('What was found and what follows from it'),
  remedy: z.string().describe('What to do about it, ready to be copied; empty when nothing need or can be done'),
});
export type DoctorCheck = z.infer<typeof doctorCheck>;

/** Which page a window is to show. */
export const windowPage = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('manager') }),
  z.strictObject({ kind: z.literal('console'), id }),
  z.strictObject({ kind: z.literal('open'), path: hostPath.describe('A file to make a machine from') }),
]);
export type WindowPage = z.infer<typeof windowPage>;

export const hostMethods = {
  'host.info': method({
    summary: 'Tells the version, the home folder and what this host can do.',
    http: 'GET /host',
    input: nothing,
    output: z.strictObject({
      version: z.string(),
      home: z.string(),
      machineFolder: z.string().describe('Where new machines go'),
      platform: z.string(),
      kind: z.enum(['desktop', 'serve', 'background']).describe('How the process was started'),
      logicalProcessors: z.number(),
      memoryMib: z.number(),
      freeDiskBytes: z.number(),
      accelerators: z.array(z.strictObject({ id: accelerator, isAvailable: z.boolean(), reason: z.string() })),
    }),
    errors: [],
  }),
  'host.doctor': method({
    summary: 'Examines this host: accelerators, firmware, networking, permissions, and why what is missing is missing.',
    http: 'GET /host/doctor',
    input: nothing,
    output: z.strictObject({ checks: z.array(doctorCheck) }),
    errors: [],
  }),
  'host.browse': method({
    summary: 'Lists a folder of the host, for choosing a file.',
    http: 'GET /host/browse',
    input: z.strictObject({
      path: hostPath.nullable().default(null).describe('Absolute folder; null for the user’s home'),
    }),
    output: z.strictObject({
      path: z.string(),
      parent: z.string().nullable(),
      entries: z.array(directoryEntry),
      isTruncated: z.boolean(),
    }),
    errors: ['host.fileNotFound', 'host.permissionDenied'],
  }),
  'host.openWindow': method({
    summary: 'Opens a window of Ospite on the host’s own screen.',
    http: 'POST /host/windows',
    input: z.strictObject({ page: windowPage }),
    output: z.strictObject({ message: z.string().describe('What was opened, in words, such as the browser’s name') }),
    errors: ['machine.notFound', 'feature.unavailable'],
  }),
  'host.serve': method({
    summary: 'Serves the GUI and the API over HTTP, and gives a link that lets one browser in, once.',
    http: null,
    input: z.strictObject({
      address: z.string().max(100).default('127.0.0.1'),
      port: z.number().int().min(0).max(65_535).default(0).describe('0 takes a free port'),
      password: z.string().min(8).max(1000).optional().describe('Needed beyond loopback, where TLS is used too'),
    }),
    output: z.strictObject({
      link: z.string(),
      fingerprint: z
        .string()
        .nullable()
        .describe('SHA-256 of the certificate, to be compared with the browser’s; null without TLS'),
    }),
    errors: ['host.ioError', 'usage.invalid'],
  }),
  'host.shutDown': method({
    summary: 'Ends Ospite; running machines get what the preferences or `machines` say.',
    http: 'POST /host/shut-down',
    input: z.strictObject({ machines: z.enum(['powerButton', 'powerOff']).optional() }),
    output: done,
    errors: [],
  }),
} as const;
