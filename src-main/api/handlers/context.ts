// What handlers work with: the machines of the home, what the operating system offers, and the client that calls.
import type { Attachment } from '../../contract/machine.ts';
import type { DoctorCheck, WindowPage } from '../../contract/methods/host.ts';
import type { MethodName, MethodOutput, MethodParsed } from '../../contract/methods.ts';
import type { Preferences } from '../../contract/preferences.ts';
import type { MachineManager } from '../../manager/machine-manager.ts';
import type { MediaManager } from '../../manager/media-manager.ts';
import type { PreferencesStore } from '../../manager/preferences-store.ts';
import type { TaskRegistry } from '../../manager/tasks.ts';

/** What the handlers need of the host process besides the machines. */
export interface HostServices {
  info(): MethodOutput<'host.info'> | Promise<MethodOutput<'host.info'>>;
  doctor(): Promise<DoctorCheck[]>;
  browse(path: string | null): Promise<MethodOutput<'host.browse'>>;
  /** @throws {OspiteError} host.fileNotFound, host.permissionDenied for a file that cannot be read */
  checkReadable(path: string): Promise<void>;
  /** @throws {OspiteError} host.fileNotFound, medium.unsupportedFormat, medium.corrupt for what the drive could not read */
  checkMedium(path: string, type: Attachment['type']): Promise<void>;
  isAbsolute(path: string): boolean;
  /** Makes a search for a regular expression: it gives the part that matched, or null. @throws {OspiteError} usage.invalid */
  finder(pattern: string): (text: string) => string | null;
}

/** The host process itself: its windows, its web door, its end. */
export interface HostControl {
  /** Resolves to what was opened, in words. */
  openWindow(page: WindowPage): Promise<string>;
  /** Resolves to a link that lets one browser in, once. @throws {OspiteError} usage.invalid, host.ioError */
  serve(options: {
    address: string;
    port: number;
    password?: string | undefined;
  }): Promise<{ link: string; fingerprint: string | null }>;
  /** Begins the end of the process; it is reached later. Asking for `powerOff` while it goes on ends the patience with guests. */
  beginShutDown(machines?: Preferences['onHostExit']): void;
  /** A client is there; what it returns says that it has gone. A background host ends some time after the last. */
  clientCame(): () => void;
}

/** The calling client: what it has opened dies with it. */
export interface Caller {
  openConsole(id: string): void;
  closeConsole(id: string): void;
  frameShown(id: string): void;
  /** Aborted when the client is gone: what waits on its behalf ends then. */
  readonly gone?: AbortSignal;
}

export interface HandlerContext {
  manager: MachineManager;
  tasks: TaskRegistry;
  preferences: PreferencesStore;
  media: MediaManager;
  host: HostServices;
  control: HostControl;
  caller: Caller;
}

type Handler<Name extends MethodName> = (
  input: MethodParsed<Name>,
  context: HandlerContext,
) => MethodOutput<Name> | Promise<MethodOutput<Name>>;

export type Handlers = { [Name in MethodName]: Handler<Name> };
/** The handlers of the methods with the given beginning, such as `machine`. */
export type HandlersOf<Prefix extends string> = {
  [Name in Extract<MethodName, `${Prefix}.${string}`>]: Handler<Name>;
};
