// Files of the host are named by their whole path: a client and the host have no folder in common.

/** Whether a text is a file's whole path, of either kind of system. */
export function isWholePath(path: string): boolean {
  return /^(\/|[A-Za-z]:[/\\]|\\\\)./.test(path);
}
