// What the host knows of an image file: looked into once the path has stopped changing.
import { useEffect, useState } from 'react';
import type { MethodOutput } from '../../../src-main/contract/methods.ts';
import { client } from '../../client/client.ts';
import { isWholePath } from '../../forms/whole-path.ts';

export type MediumIdentity = MethodOutput<'medium.identify'>;

export interface MediumInfo {
  identity: MediumIdentity | null;
  summary: MethodOutput<'medium.list'>['media'][number] | null;
  /** Why nothing is known of it; empty when something is, or nobody looked yet. */
  problem: string;
  isPending: boolean;
}

const nothing: MediumInfo = { identity: null, summary: null, problem: '', isPending: false };
const STILL_MS = 300;

export function useMediumInfo(path: string): MediumInfo {
  const [info, setInfo] = useState<{ path: string; info: MediumInfo }>({ path: '', info: nothing });
  useEffect(() => {
    if (!isWholePath(path)) return;
    let isCurrent = true;
    const timer = setTimeout(() => {
      void examine(path).then((found) => isCurrent && setInfo({ path, info: found }));
    }, STILL_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [path]);
  if (!isWholePath(path)) return nothing;
  return info.path === path ? info.info : { ...nothing, isPending: true };
}

async function examine(path: string): Promise<MediumInfo> {
  try {
    const [identity, { media }] = await Promise.all([
      client.call('medium.identify', { path }),
      client.call('medium.list', {}),
    ]);
    return { ...nothing, identity, summary: media.find((medium) => medium.path === path) ?? null };
  } catch (error) {
    return { ...nothing, problem: error instanceof Error ? error.message : String(error) };
  }
}
