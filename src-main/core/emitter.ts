// A typed, synchronous event source. Listeners that throw do not stop the others; one disposed of while an event is on its way
// no longer gets it.

export interface Subscription {
  dispose(): void;
}

export class Emitter<Events extends object> {
  readonly #listeners = new Map<keyof Events, Set<(event: never) => void>>();

  on<Name extends keyof Events>(name: Name, listener: (event: Events[Name]) => void): Subscription {
    let set = this.#listeners.get(name);
    if (!set) {
      set = new Set();
      this.#listeners.set(name, set);
    }
    set.add(listener);
    return { dispose: () => set.delete(listener) };
  }

  /** Calls every listener; the first error is rethrown once all were called. */
  emit<Name extends keyof Events>(name: Name, event: Events[Name]): void {
    const set = this.#listeners.get(name);
    if (!set) return;
    let failure: { error: unknown } | null = null;
    for (const listener of [...set]) {
      if (!set.has(listener)) continue;
      try {
        listener(event as never);
      } catch (error) {
        failure ??= { error };
      }
    }
    if (failure) throw failure.error;
  }
}
