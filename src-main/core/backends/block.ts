// What a storage device or the firmware asks of a medium. Implemented by storage/ (over host files) and by test doubles.

/** Random-access media. Offsets and lengths are bytes; whole multiples of `blockSize` unless a medium says otherwise. */
export interface BlockBackend {
  /** Capacity in bytes as the guest sees it. */
  readonly capacityBytes: number;
  /** Smallest addressable unit in bytes: 512, 2048 (optical) or 4096. */
  readonly blockSize: number;
  readonly isReadOnly: boolean;
  /** Fills `target` from `offset`. Rejects with OspiteError `medium.ioError` or `medium.corrupt`. The buffer is borrowed until the promise settles. */
  read(offset: number, target: Uint8Array): Promise<void>;
  /** Writes all of `source` at `offset`. The buffer is borrowed until the promise settles. */
  write(offset: number, source: Uint8Array): Promise<void>;
  /** Resolves once everything written so far is on stable storage. */
  flush(): Promise<void>;
  /** Gives back the range to the host where the format can; reads of it then return zeroes. Optional. */
  discard?(offset: number, lengthBytes: number): Promise<void>;
}

/** A drive whose medium can be taken out (optical, floppy). The device polls `changeCount`. */
export interface RemovableBackend {
  /** The medium now inside, or null for an empty tray. */
  medium(): BlockBackend | null;
  /** Grows by one at each insertion or removal. */
  changeCount(): number;
  /** Guest-initiated eject; true if the host let it happen. */
  eject(): boolean;
  /** Guest lock (PREVENT ALLOW MEDIUM REMOVAL). */
  setLocked(isLocked: boolean): void;
}
