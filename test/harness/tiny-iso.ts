// A small ISO 9660 disc with Rock Ridge names: one level of folders, files of a sector each. [ECMA-119], [RRIP-1.12]

const SECTOR = 2048;

export interface TinyIsoOptions {
  label: string;
  /** Paths ("install/vmlinuz") to contents; names keep their case in Rock Ridge only. */
  files: Record<string, string>;
  isBootable?: boolean;
}

export function tinyIso({ label, files, isBootable = false }: TinyIsoOptions): Uint8Array {
  const folders = [...new Set(Object.keys(files).flatMap((path) => (path.includes('/') ? path.split('/')[0]! : [])))];
  const rootSector = 20;
  const folderSector = (name: string): number => rootSector + 1 + folders.indexOf(name);
  let next = rootSector + 1 + folders.length;
  const sectors = new Map<string, number>();
  for (const path of Object.keys(files)) sectors.set(path, next++);
  const image = new Uint8Array(next * SECTOR);
  const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');
  const put = (sector: number, records: Uint8Array[]): void => image.set(Buffer.concat(records), sector * SECTOR);
  const filesIn = (folder: string): Uint8Array[] =>
    Object.entries(files)
      .filter(([path]) => (path.includes('/') ? path.split('/')[0] : '') === folder)
      .map(([path, content]) => record(path.split('/').at(-1)!, sectors.get(path)!, content.length, false));

  put(rootSector, [
    record('\0', rootSector, SECTOR, true),
    ...folders.map((name) => record(name, folderSector(name), SECTOR, true)),
    ...filesIn(''),
  ]);
  for (const name of folders)
    put(folderSector(name), [record('\0', folderSector(name), SECTOR, true), ...filesIn(name)]);
  for (const [path, content] of Object.entries(files)) image.set(latin1(content), sectors.get(path)! * SECTOR);

  const primary = image.subarray(16 * SECTOR, 17 * SECTOR);
  primary.set([1, ...latin1('CD001'), 1]);
  primary.set(latin1(label.padEnd(32)), 40);
  primary.set(record('\0', rootSector, SECTOR, true).subarray(0, 34), 156);
  const boot = image.subarray(17 * SECTOR, 18 * SECTOR);
  if (isBootable) boot.set([0, ...latin1('CD001'), 1, ...latin1('EL TORITO SPECIFICATION')]);
  image.set([255, ...latin1('CD001'), 1], (isBootable ? 18 : 17) * SECTOR);
  return image;
}

/** A directory record with the name shortened as ISO 9660 wants it and whole as Rock Ridge has it. */
function record(name: string, sector: number, sizeBytes: number, isDirectory: boolean): Uint8Array {
  const short =
    name === '\0'
      ? name
      : name
          .toUpperCase()
          .replaceAll(/[^A-Z0-9]/g, '_')
          .slice(0, 8);
  const real = Buffer.from(name, 'latin1');
  const nameEnd = 33 + short.length + ((33 + short.length) % 2);
  const bytes = new Uint8Array(nameEnd + (name === '\0' ? 0 : 5 + real.length));
  const view = new DataView(bytes.buffer);
  bytes[0] = bytes.length;
  view.setUint32(2, sector, true);
  view.setUint32(10, sizeBytes, true);
  bytes[25] = isDirectory ? 2 : 0;
  bytes[32] = short.length;
  bytes.set(Buffer.from(short, 'latin1'), 33);
  if (name !== '\0') bytes.set([0x4e, 0x4d, 5 + real.length, 1, 0, ...real], nameEnd);
  return bytes;
}
