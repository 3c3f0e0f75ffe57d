// An Ethernet link as its two ends see it: a guest's network adapter on one side, a switch or the host on the other.

/** Smallest and largest frame that travels: header to 9018 bytes of a jumbo frame, without the check sequence. */
export const frameBytesMin = 14;
export const frameBytesMax = 9018;

/** Where an adapter is plugged in. Frames start at the destination address and carry no check sequence. */
export interface FrameBackend {
  /** Sends a frame away from this end; the bytes are borrowed until the call returns. Frames of impossible size vanish. */
  send(frame: Uint8Array): void;
  /** Registers the receiver of frames arriving at this end; its bytes are borrowed. One receiver; a later call replaces the earlier. */
  onReceive(receiver: (frame: Uint8Array) => void): void;
  /** Unplugs this end: nothing is sent or received afterwards. Idempotent. */
  close(): void;
}
