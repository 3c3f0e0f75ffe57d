// A machine's log file as it is read, and followed while lines are added.
import { useCallback, useEffect, useRef, useState } from 'react';
import type { MachineState } from '../../../src-main/contract/machine.ts';
import type { MethodOutput } from '../../../src-main/contract/methods.ts';
import { client } from '../../client/client.ts';
import { useHost } from '../../client/store.ts';
import { type LogLine, parseLine } from './log-model.ts';

export type LogFile = MethodOutput<'machine.logs'>['files'][number];

/** Lines kept in the window, and how many go at once when there are more. */
const MAX_LINES = 20_000;
const DROPPED_LINES = 5000;
/** Lines that arrive together are shown together. */
const GATHER_MS = 100;

export interface Log {
  /** Newest first; empty until known, or when there is none yet. */
  files: LogFile[];
  /** Name of the shown file; null while there is none. */
  name: string | null;
  /** Null while it is being read. */
  lines: LogLine[] | null;
  /** Why it cannot be read; empty when it can. */
  problem: string;
  /** New lines are added as they are written. */
  isLive: boolean;
  choose(name: string): void;
  /** Reads the list of files and the shown one anew. */
  refresh(): void;
}

export function useLog(id: string, state: MachineState): Log {
  const isConnected = useHost((host) => host.connection === 'open');
  const [files, setFiles] = useState<LogFile[]>([]);
  const [chosen, setChosen] = useState<string | null>(null);
  const [lines, setLines] = useState<LogLine[] | null>(null);
  const [problem, setProblem] = useState('');
  const [generation, setGeneration] = useState(0);
  const refresh = useCallback(() => setGeneration((before) => before + 1), []);
  const newest = files[0]?.name ?? null;
  const isLive = chosen === null || chosen === newest;
  // A start begins a new file and gives the old one another name.
  const isStarting = state === 'starting';
  const seenStarting = useRef(isStarting);
  useEffect(() => {
    if (isStarting && !seenStarting.current) {
      setChosen(null);
      refresh();
    }
    seenStarting.current = isStarting;
  }, [isStarting, refresh]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another generation means to read again
  useEffect(() => {
    if (!isConnected) return;
    let isCurrent = true;
    client.call('machine.logs', { id }).then(
      (found) => isCurrent && setFiles(found.files),
      (error: unknown) => isCurrent && setProblem(messageOf(error)),
    );
    return () => {
      isCurrent = false;
    };
  }, [id, generation, isConnected]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another generation means to read again
  useEffect(() => {
    if (!isConnected) return;
    setProblem('');
    return follow(id, chosen, isLive, setLines, (error) => {
      setLines([]);
      setProblem(messageOf(error));
    });
  }, [id, chosen, isLive, generation, isConnected]);

  return {
    files,
    name: chosen ?? newest,
    lines,
    problem,
    isLive,
    choose: (name) => {
      setLines(null);
      setChosen(name === newest ? null : name);
    },
    refresh,
  };
}

/** Reads a file and hands out its lines, then hands them out again each time some were added; until the returned function is called. */
function follow(
  id: string,
  name: string | null,
  isLive: boolean,
  show: (lines: LogLine[]) => void,
  fail: (error: unknown) => void,
): () => void {
  let isCurrent = true;
  let lines: LogLine[] | null = null;
  let arrived: string[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const append = (): void => {
    timer = undefined;
    if (!lines) return;
    let next = (lines.at(-1)?.number ?? 0) + 1;
    lines = [...lines, ...arrived.map((text) => parseLine(text, next++))];
    arrived = [];
    if (lines.length > MAX_LINES) lines = lines.slice(DROPPED_LINES);
    show(lines);
  };
  const stop = client.on('machine.logged', (logged) => {
    if (!isLive || logged.id !== id) return;
    arrived.push(logged.line);
    timer ??= setTimeout(append, GATHER_MS);
  });
  client.call('machine.log', name === null ? { id } : { id, name }).then(
    (read) => {
      if (!isCurrent) return;
      // What was logged while the file was being read may be in it already; lines bear their time, so no two are the same.
      const known = new Set(arrived.length > 0 ? read.lines.slice(-1000) : []);
      arrived = arrived.filter((line) => !known.has(line));
      lines = read.lines.slice(-MAX_LINES).map((text, index) => parseLine(text, index + 1));
      append();
    },
    (error: unknown) => {
      if (isCurrent) fail(error);
    },
  );
  return () => {
    isCurrent = false;
    clearTimeout(timer);
    stop();
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
