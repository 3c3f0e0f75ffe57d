// Paths of the host, which may be of either kind whatever this browser runs on.

export function fileName(path: string): string {
  return path.split(/[/\\]/).at(-1) ?? path;
}

export function folderOf(path: string): string {
  return path.slice(0, Math.max(path.length - fileName(path).length - 1, 1));
}

export function joinPath(folder: string, name: string): string {
  return `${folder.replace(/[/\\]$/, '')}${folder.includes('\\') ? '\\' : '/'}${name}`;
}

/** The same place with "-copy" before the ending, numbered until nothing known has the name. */
export function copyName(path: string, isTaken: (path: string) => boolean): string {
  const name = fileName(path);
  const dot = name.lastIndexOf('.');
  const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
  for (let number = 1; ; number++) {
    const candidate = joinPath(folderOf(path), `${stem}-copy${number === 1 ? '' : number}${ending}`);
    if (!isTaken(candidate)) return candidate;
  }
}

/** "stem.img" in the folder, numbered from 2 when that is taken. */
export function freeName(folder: string, stem: string, isTaken: (path: string) => boolean): string {
  for (let number = 1; ; number++) {
    const candidate = joinPath(folder, `${stem}${number === 1 ? '' : number}.img`);
    if (!isTaken(candidate)) return candidate;
  }
}
