// Asynchronous work of one device part, one after another, that a reset can disown: what was started before `abandon` still runs
// to its end on the host, but reports to nobody.

export class WorkQueue {
  #generation = 0;
  #inFlight = 0;
  #tail: Promise<void> = Promise.resolve();

  /** True while work runs, disowned work included. */
  get isBusy(): boolean {
    return this.#inFlight > 0;
  }

  /** Runs `work` after all earlier work; then `done` or `failed`, unless `abandon` came in between. The callbacks must not throw. */
  start(work: () => Promise<void>, done: () => void, failed: (error: unknown) => void): void {
    const generation = this.#generation;
    const run = async (): Promise<void> => {
      try {
        if (generation === this.#generation) await work();
        if (generation === this.#generation) done();
      } catch (error) {
        if (generation === this.#generation) failed(error);
      }
      this.#inFlight--;
    };
    this.#inFlight++;
    this.#tail = this.#tail.then(run);
  }

  abandon(): void {
    this.#generation++;
  }

  /** Waits until nothing runs, follow-up work of `done` callbacks included. */
  async settle(): Promise<void> {
    while (this.#inFlight > 0) await this.#tail;
  }
}
