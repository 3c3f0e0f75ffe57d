// A byte stream between a guest's serial port (or console) and the host.

export interface CharBackend {
  /** Takes bytes the guest sent. Returns false to ask for a pause; `onDrain` then fires once. */
  send(bytes: Uint8Array): boolean;
  /** Registers the receiver of host bytes. One receiver; a later call replaces the earlier. */
  onReceive(receiver: (bytes: Uint8Array) => void): void;
  onDrain(listener: () => void): void;
  /** Modem lines the host side presents; absent means all asserted. */
  readonly isConnected?: boolean;
}
