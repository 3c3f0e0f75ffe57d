// What a running machine does, measured once a second: the Activity pane's charts and `ospite stats`.
import { z } from 'zod';

/** Samples kept for each running machine. */
export const ACTIVITY_SAMPLES = 300;

export const activitySample = z.strictObject({
  at: z.iso.datetime(),
  hostCpuPercent: z.number().describe('Processor time of the machine’s threads, in percent of one host processor'),
  guestCpuPercent: z.number().describe('Share of the time in which the guest was not halted'),
  guestMips: z.number().describe('Million guest instructions a second'),
  ramBytes: z.number().describe('Guest memory that the host has given out, in bytes'),
  diskReadBytesPerSecond: z.number(),
  diskWriteBytesPerSecond: z.number(),
  networkReceiveBytesPerSecond: z.number(),
  networkSendBytesPerSecond: z.number(),
  exitsPerSecond: z.number().describe('Times a second the processor left guest code for a device'),
  interruptsPerSecond: z.number(),
  translatedShare: z.number().describe('Share of guest instructions that ran as translated code, 0 to 1'),
});
export type ActivitySample = z.infer<typeof activitySample>;

/** Counters since the machine was started. */
export const activityTotals = z.strictObject({
  diskReadBytes: z.number(),
  diskWriteBytes: z.number(),
  networkReceiveBytes: z.number(),
  networkSendBytes: z.number(),
});
export type ActivityTotals = z.infer<typeof activityTotals>;
