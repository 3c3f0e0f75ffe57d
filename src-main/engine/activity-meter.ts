// Counts transfers for the status bar's lights between two reports.
import type { ActivityReport } from './protocol.ts';

export class ActivityMeter {
  readonly #counts = new Map<string, ActivityReport>();

  count(device: string, kind: 'read' | 'write'): void {
    let report = this.#counts.get(device);
    if (!report) {
      report = { device, reads: 0, writes: 0 };
      this.#counts.set(device, report);
    }
    if (kind === 'read') report.reads++;
    else report.writes++;
  }

  /** What happened since the last call. */
  take(): ActivityReport[] {
    const reports = [...this.#counts.values()];
    this.#counts.clear();
    return reports;
  }
}
