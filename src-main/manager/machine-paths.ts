// The files that a machine's settings name. On disk, those in the machine's own folder are written relative to it, so that the
// folder can be renamed, copied or moved by hand and the machine still finds its disks; everywhere else they are absolute.
import type { MachineDefinition, MachineSettings } from '../contract/machine.ts';
import type { FolderStore } from '../core/backends/folder-store.ts';

/** The same settings with every path passed through `change`. */
export function mapPaths(settings: MachineSettings, change: (path: string) => string): MachineSettings {
  const { storage, serial, directBoot, firmware } = settings;
  return {
    ...settings,
    firmware:
      firmware.kind === 'bios'
        ? firmware
        : {
            ...firmware,
            path: change(firmware.path),
            ...(firmware.variables === undefined ? {} : { variables: change(firmware.variables) }),
          },
    directBoot: directBoot && {
      ...directBoot,
      kernel: change(directBoot.kernel),
      ...(directBoot.initrd === undefined ? {} : { initrd: change(directBoot.initrd) }),
    },
    storage: storage.map((attachment) =>
      attachment.path === null ? attachment : { ...attachment, path: change(attachment.path) },
    ),
    serial: serial.map((port) => (port.kind === 'file' ? { ...port, path: change(port.path) } : port)),
  };
}

/** Every file that the settings name, once. */
export function pathsOf(settings: MachineSettings): string[] {
  const paths = new Set<string>();
  mapPaths(settings, (path) => {
    paths.add(path);
    return path;
  });
  return [...paths];
}

/** As it is written into the folder. */
export function portable(definition: MachineDefinition, folder: string, store: FolderStore): MachineDefinition {
  return {
    ...definition,
    settings: mapPaths(definition.settings, (path) => store.within(folder, path) ?? path),
  };
}

/** As it is used, read from the folder. */
export function located(definition: MachineDefinition, folder: string, store: FolderStore): MachineDefinition {
  return {
    ...definition,
    settings: mapPaths(definition.settings, (path) => (store.isAbsolute(path) ? path : store.join(folder, path))),
  };
}

/** The definition after `from` and all in it has become `to`. */
export function rebased(
  definition: MachineDefinition,
  from: string,
  to: string,
  store: FolderStore,
): MachineDefinition {
  return {
    ...definition,
    settings: mapPaths(definition.settings, (path) => {
      const way = store.within(from, path);
      return way === null ? path : store.join(to, way);
    }),
  };
}
