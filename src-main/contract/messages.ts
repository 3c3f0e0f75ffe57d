// The JSON messages of a client connection (WebSocket text frames, Electron messages). Binary frames: streams.ts.
import { z } from 'zod';

/** Client to host. `call` is the client's own number for the request. */
export const request = z.strictObject({
  call: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
  method: z.string().max(100),
  params: z.unknown(),
});

export interface ErrorBody {
  code: string;
  message: string;
  details?: unknown;
}

/** Host to client. */
export type ServerMessage =
  | { call: number; result: unknown }
  | { call: number; error: ErrorBody }
  | { event: string; data: unknown };

/** Longest text message a client may send, in bytes. */
export const MAX_REQUEST_BYTES = 1_048_576;
