// What a running machine does, measured once a second: the Activity pane's charts and `ospite stats`.
import { z } from 'zod';

/** Samples kept for each running machine. */
export const ACTIVITY_SAMPLES = 300;

export const activitySample = z.strictObject({
  at: z.iso.datetime(),
  /** Processor time of the machine's threads, in percent of one host processor. */
  hostCpuPercent: z.number(),
  /** Share of the time in which the guest was not halted. */
  guestCpuPercent: z.number(),
  /** Million guest instructions a second. */
  guestMips: z.number(),
  /** Guest memory that the host has given out, in bytes. */
  ramBytes: z.number(),
  diskReadBytesPerSecond: z.number(),
  diskWriteBytesPerSecond: z.number(),
  networkReceiveBytesPerSecond: z.number(),
  networkSendBytesPerSecond: z.number(),
  /** Times a second the processor left guest code for a device. */
  exitsPerSecond: z.number(),
  interruptsPerSecond: z.number(),
  /** Share of guest instructions that ran as translated code, 0 to 1. */
  translatedShare: z.number(),
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
