// Objects whose optional fields may be there and undefined, as parsed JSON and options have them.

/** The same object without its undefined fields, to be spread over another. */
export function present<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as never;
}
