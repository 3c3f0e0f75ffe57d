// A guest system's family as a small drawing of our own: a tile in the family's colour with a plain sign on it.
import { memo, type ReactElement, type ReactNode } from 'react';

export type OsFamily = 'linux' | 'debian' | 'ubuntu' | 'window' | 'bsd' | 'dos' | 'other';

/** The family of a preset id, such as "debian12" or "windowsXp". */
export function osFamily(os: string): OsFamily {
  const id = os.toLowerCase();
  if (/ubuntu|mint/.test(id)) return 'ubuntu';
  if (/debian|raspi|kali/.test(id)) return 'debian';
  if (/win|reactos/.test(id)) return 'window';
  if (/bsd|solaris|illumos/.test(id)) return 'bsd';
  if (/dos|cpm/.test(id)) return 'dos';
  return /linux|alpine|arch|fedora|centos|rhel|alma|rocky|suse|gentoo|void|nixos|slack|tiny/.test(id)
    ? 'linux'
    : 'other';
}

const line = { fill: 'none', stroke: '#fff', strokeWidth: 2, strokeLinecap: 'round', strokeLinejoin: 'round' } as const;

const signs: Record<OsFamily, { colour: string; sign: ReactNode }> = {
  linux: { colour: '#2f6f8f', sign: <path {...line} d="M9 11l5 5-5 5M17 22h7" /> },
  debian: { colour: '#a3264f', sign: <path {...line} d="M11 9h5a7 7 0 0 1 0 14h-5zM11 9v14" /> },
  ubuntu: { colour: '#b5501b', sign: <path {...line} d="M10 9v8a6 6 0 0 0 12 0V9" /> },
  window: {
    colour: '#2a63b8',
    sign: (
      <>
        <rect {...line} x="8" y="9" width="16" height="14" rx="1.5" />
        <path {...line} d="M8 13.5h16" />
      </>
    ),
  },
  bsd: { colour: '#8c2f2f', sign: <path {...line} d="M16 8l7 4v8l-7 4-7-4v-8zM16 16v8M16 16l7-4M16 16l-7-4" /> },
  dos: {
    colour: '#3d4654',
    sign: <path {...line} d="M14 12.5a4 4 0 1 0 0 7M18 13.5v.01M18 18.5v.01M22 10l3 12" />,
  },
  other: {
    colour: '#5b6b80',
    sign: (
      <>
        <rect {...line} x="8" y="9" width="16" height="11" rx="1.5" />
        <path {...line} d="M12 24h8M16 20v4" />
      </>
    ),
  },
};

/** `size` is in rem. Says nothing to screen readers: the machine's name stands beside it. */
export const OsIcon = memo(function OsIcon({ os, size = 2 }: { os: string; size?: number }): ReactElement {
  const { colour, sign } = signs[osFamily(os)];
  return (
    <svg viewBox="0 0 32 32" aria-hidden style={{ width: `${size}rem`, height: `${size}rem`, flexShrink: 0 }}>
      <rect x="1" y="1" width="30" height="30" rx="7" fill={colour} />
      {sign}
    </svg>
  );
});
