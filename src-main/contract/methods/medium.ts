// Media: image files that machines use or could use.
import { z } from 'zod';
import { method } from '../method.ts';
import { hostPath, id } from '../primitives.ts';
import { begun, done, nothing } from './shapes.ts';

export const mediumKind = z.enum(['disk', 'cdrom', 'floppy']);
export type MediumKind = z.infer<typeof mediumKind>;

export const mediumSummary = z.strictObject({
  path: z.string(),
  kind: mediumKind,
  format: z.string().describe('Id of its disk format; empty when it cannot be read'),
  capacityBytes: z.number().describe('What a guest sees, in bytes'),
  allocatedBytes: z.number().describe('What it takes on the host, in bytes'),
  problem: z.string().describe('Why it cannot be used; empty when it can'),
  usedBy: z.array(z.strictObject({ id, name: z.string() })),
});
export type MediumSummary = z.infer<typeof mediumSummary>;

export const mediumMethods = {
  'medium.list': method({
    summary: 'Lists the media that machines use, and those added by hand.',
    http: 'GET /media',
    input: nothing,
    output: z.strictObject({ media: z.array(mediumSummary) }),
    errors: [],
  }),
  'medium.identify': method({
    summary: 'Looks into an image: its kind and format, and which system its installer brings.',
    http: 'GET /media/identify',
    input: z.strictObject({ path: hostPath }),
    output: z.strictObject({
      kind: mediumKind,
      format: z.string(),
      capacityBytes: z.number(),
      label: z.string().describe('Volume label of a disc; empty without'),
      isBootable: z.boolean(),
      os: z.string().nullable().describe('Preset id of the system it installs or is; null when unknown'),
    }),
    errors: ['host.fileNotFound', 'host.permissionDenied', 'medium.unsupportedFormat', 'medium.corrupt'],
  }),
  'medium.create': method({
    summary: 'Creates a raw disk image or an empty floppy.',
    http: 'POST /media',
    input: z.strictObject({
      path: hostPath,
      sizeBytes: z
        .number()
        .int()
        .min(512)
        .max(2 ** 43),
      isPreallocated: z.boolean().default(false).describe('Take all the space now'),
    }),
    output: begun,
    errors: ['host.ioError', 'host.permissionDenied', 'usage.invalid'],
  }),
  'medium.copy': method({
    summary: 'Copies a medium to a new file.',
    http: 'POST /media/copy',
    input: z.strictObject({ path: hostPath, target: hostPath }),
    output: begun,
    errors: ['host.fileNotFound', 'host.ioError', 'medium.locked', 'usage.invalid'],
  }),
  'medium.move': method({
    summary: 'Moves a medium to a new file name; machines that use it follow.',
    http: 'POST /media/move',
    input: z.strictObject({ path: hostPath, target: hostPath }),
    output: begun,
    errors: ['host.fileNotFound', 'host.ioError', 'medium.locked', 'usage.invalid', 'machine.wrongState'],
  }),
  'medium.add': method({
    summary: 'Puts a medium on the list of the media manager.',
    http: 'POST /media/add',
    input: z.strictObject({ path: hostPath }),
    output: done,
    errors: ['host.fileNotFound', 'medium.unsupportedFormat'],
  }),
  'medium.release': method({
    summary: 'Takes a medium out of all machines that are off; drives stay, empty.',
    http: 'POST /media/release',
    input: z.strictObject({ path: hostPath }),
    output: done,
    errors: ['machine.wrongState', 'medium.notFound'],
  }),
  'medium.remove': method({
    summary: 'Takes a medium that no machine uses off the list and, if asked, deletes its file.',
    http: 'DELETE /media',
    input: z.strictObject({ path: hostPath, deleteFile: z.boolean().default(false) }),
    output: done,
    errors: ['medium.locked', 'medium.notFound', 'host.ioError'],
  }),
} as const;
