// Where failures go that nobody foresaw: they must not take the process, and with it all machines, down, nor vanish. The host
// process sends them to its log; without one they go to standard error.

type Writer = (text: string) => void;

let write: Writer = (text) => console.error(text);

/** Sends what is reported from now on to `writer`, until the returned function is called. */
export function sendBugsTo(writer: Writer): () => void {
  const before = write;
  write = writer;
  return () => {
    if (write === writer) write = before;
  };
}

/** @param where what was being done, such as "A request" */
export function reportBug(where: string, error: unknown): void {
  write(`${where} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
}
