// Saves something as a file of the user's computer, by the browser's download.

export function saveFile(content: Blob, name: string): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The download has taken hold of the content by then.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** "name 2026-11-20 19-30-05.png", in local time. */
export function fileName(machine: string, extension: string): string {
  const now = new Date();
  const local = new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString();
  return `${machine} ${local.slice(0, 10)} ${local.slice(11, 19).replaceAll(':', '-')}.${extension}`;
}

export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

export function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
