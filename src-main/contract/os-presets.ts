// Guest systems that people run, by plain name, and the hardware that suits each: what a new machine starts with. Pure data, and
// three ways to find an entry: by id, by what somebody types as a machine's name, and by a disc's volume label and files.

export type OsFamily = 'linux' | 'bsd' | 'windows' | 'dos' | 'hobby' | 'other';

/** Families in the order people see them. */
export const osFamilies: readonly OsFamily[] = ['linux', 'bsd', 'windows', 'dos', 'hobby', 'other'];

export interface OsPreset {
  /** What a machine's `os` field holds. */
  id: string;
  family: OsFamily;
  title: string;
  /** Width of its processor mode; 16 for real-mode systems. */
  bits: 16 | 32 | 64;
  memoryMib: number;
  cpus: number;
  /** What an installation with some room for work takes; 0 for systems that need no disk. */
  diskMib: number;
  /** virtio where its installer has the driver. */
  diskBus: 'ide' | 'virtio';
  videoMemoryMib: 4 | 8 | 16 | 32 | 64;
  pointingDevice: 'ps2' | 'vmmouse';
  /** What the system takes the hardware clock for. */
  rtc: 'utc' | 'local';
  firmware: 'bios';
  /** Why it may not install in this version; absent when nothing is known. */
  obstacle?: 'needsUefi';
}

const GIB = 1024;

type Hardware = Omit<OsPreset, 'id' | 'family' | 'title' | 'bits'>;

const modern: Hardware = {
  memoryMib: 2048,
  cpus: 1,
  diskMib: 20 * GIB,
  diskBus: 'virtio',
  videoMemoryMib: 16,
  pointingDevice: 'vmmouse',
  rtc: 'utc',
  firmware: 'bios',
};
const small: Hardware = { ...modern, memoryMib: 512, diskMib: 8 * GIB };
const bsd: Hardware = { ...modern, memoryMib: 1024, diskMib: 16 * GIB, pointingDevice: 'ps2' };
const windows: Hardware = {
  ...modern,
  memoryMib: 2048,
  diskMib: 32 * GIB,
  diskBus: 'ide',
  videoMemoryMib: 32,
  pointingDevice: 'ps2',
  rtc: 'local',
};
const dos: Hardware = { ...windows, memoryMib: 32, diskMib: 500, videoMemoryMib: 4 };
const hobby: Hardware = { ...modern, memoryMib: 512, diskMib: 4 * GIB, diskBus: 'ide', pointingDevice: 'ps2' };

function preset(
  family: OsFamily,
  id: string,
  title: string,
  bits: OsPreset['bits'],
  hardware: Hardware,
  change: Partial<Hardware> = {},
): OsPreset {
  return { id, family, title, bits, ...hardware, ...change };
}

/** In the order people see them: by family, common ones first in each. */
export const osPresets: readonly OsPreset[] = [
  preset('linux', 'ubuntu', 'Ubuntu (64-bit)', 64, modern, { memoryMib: 3072, diskMib: 25 * GIB }),
  preset('linux', 'ubuntu-32', 'Ubuntu (32-bit)', 32, modern, { memoryMib: 1024 }),
  preset('linux', 'debian', 'Debian (64-bit)', 64, modern),
  preset('linux', 'debian-32', 'Debian (32-bit)', 32, modern, { memoryMib: 1024 }),
  preset('linux', 'mint', 'Linux Mint (64-bit)', 64, modern, { memoryMib: 3072, diskMib: 25 * GIB }),
  preset('linux', 'fedora', 'Fedora (64-bit)', 64, modern, { memoryMib: 3072, diskMib: 25 * GIB }),
  preset('linux', 'enterprise-linux', 'Enterprise Linux: Alma, CentOS, Oracle, RHEL, Rocky (64-bit)', 64, modern, {
    memoryMib: 3072,
    diskMib: 25 * GIB,
  }),
  preset('linux', 'opensuse', 'openSUSE (64-bit)', 64, modern, { diskMib: 25 * GIB }),
  preset('linux', 'arch', 'Arch Linux (64-bit)', 64, modern),
  preset('linux', 'alpine', 'Alpine Linux (64-bit)', 64, small),
  preset('linux', 'alpine-32', 'Alpine Linux (32-bit)', 32, small, { memoryMib: 256 }),
  preset('linux', 'gentoo', 'Gentoo (64-bit)', 64, modern, { diskMib: 30 * GIB }),
  preset('linux', 'kali', 'Kali Linux (64-bit)', 64, modern, { diskMib: 30 * GIB }),
  preset('linux', 'nixos', 'NixOS (64-bit)', 64, modern, { diskMib: 30 * GIB }),
  preset('linux', 'slackware', 'Slackware (64-bit)', 64, modern),
  preset('linux', 'tiny-core', 'Tiny Core Linux (32-bit)', 32, small, { memoryMib: 256, diskMib: GIB }),
  preset('linux', 'void', 'Void Linux (64-bit)', 64, modern, { memoryMib: 1024 }),
  preset('linux', 'linux-rescue', 'Linux rescue or live system (64-bit)', 64, modern, { diskMib: 0 }),
  preset('linux', 'linux', 'Other Linux (64-bit)', 64, modern, { memoryMib: 1024 }),
  preset('linux', 'linux-32', 'Other Linux (32-bit)', 32, small),
  preset('linux', 'linux-old', 'Linux 2.4 and older (32-bit)', 32, small, {
    memoryMib: 128,
    diskMib: 4 * GIB,
    diskBus: 'ide',
    videoMemoryMib: 4,
    pointingDevice: 'ps2',
  }),

  preset('bsd', 'freebsd', 'FreeBSD (64-bit)', 64, bsd),
  preset('bsd', 'freebsd-32', 'FreeBSD (32-bit)', 32, bsd, { memoryMib: 512 }),
  preset('bsd', 'openbsd', 'OpenBSD (64-bit)', 64, bsd),
  preset('bsd', 'openbsd-32', 'OpenBSD (32-bit)', 32, bsd, { memoryMib: 512 }),
  preset('bsd', 'netbsd', 'NetBSD (64-bit)', 64, bsd),
  preset('bsd', 'netbsd-32', 'NetBSD (32-bit)', 32, bsd, { memoryMib: 256 }),
  preset('bsd', 'dragonfly', 'DragonFly BSD (64-bit)', 64, bsd),

  preset('windows', 'windows-11', 'Windows 11 (64-bit)', 64, windows, {
    memoryMib: 3584,
    diskMib: 64 * GIB,
    obstacle: 'needsUefi',
  }),
  preset('windows', 'windows-10', 'Windows 10 (64-bit)', 64, windows, { memoryMib: 3072, diskMib: 50 * GIB }),
  preset('windows', 'windows-10-32', 'Windows 10 (32-bit)', 32, windows, { diskMib: 40 * GIB }),
  preset('windows', 'windows-server', 'Windows Server 2008 or later (64-bit)', 64, windows, {
    memoryMib: 3072,
    diskMib: 50 * GIB,
  }),
  preset('windows', 'windows-8', 'Windows 8 (64-bit)', 64, windows, { diskMib: 40 * GIB }),
  preset('windows', 'windows-7', 'Windows 7 (64-bit)', 64, windows),
  preset('windows', 'windows-7-32', 'Windows 7 (32-bit)', 32, windows, { memoryMib: 1024 }),
  preset('windows', 'windows-vista', 'Windows Vista (32-bit)', 32, windows, { memoryMib: 1024, diskMib: 25 * GIB }),
  preset('windows', 'windows-xp', 'Windows XP or Server 2003 (32-bit)', 32, windows, {
    memoryMib: 512,
    diskMib: 10 * GIB,
    videoMemoryMib: 16,
  }),
  preset('windows', 'windows-2000', 'Windows 2000 (32-bit)', 32, windows, {
    memoryMib: 256,
    diskMib: 4 * GIB,
    videoMemoryMib: 16,
  }),
  preset('windows', 'windows-nt', 'Windows NT 4 (32-bit)', 32, windows, {
    memoryMib: 128,
    diskMib: 2 * GIB,
    videoMemoryMib: 8,
  }),
  preset('windows', 'windows-me', 'Windows Me (32-bit)', 32, windows, {
    memoryMib: 128,
    diskMib: 4 * GIB,
    videoMemoryMib: 8,
  }),
  preset('windows', 'windows-98', 'Windows 98 (32-bit)', 32, windows, {
    memoryMib: 128,
    diskMib: 2 * GIB,
    videoMemoryMib: 8,
  }),
  preset('windows', 'windows-95', 'Windows 95 (32-bit)', 32, windows, {
    memoryMib: 64,
    diskMib: GIB,
    videoMemoryMib: 8,
  }),
  preset('windows', 'windows-3', 'Windows 3.x (16-bit)', 16, dos),

  preset('dos', 'freedos', 'FreeDOS', 16, dos),
  preset('dos', 'dos', 'MS-DOS, PC DOS or DR-DOS', 16, dos, { memoryMib: 16 }),

  preset('hobby', 'reactos', 'ReactOS (32-bit)', 32, windows, {
    memoryMib: 512,
    diskMib: 8 * GIB,
    videoMemoryMib: 16,
  }),
  preset('hobby', 'haiku', 'Haiku (64-bit)', 64, hobby, { memoryMib: 1024, diskMib: 10 * GIB }),
  preset('hobby', 'haiku-32', 'Haiku (32-bit)', 32, hobby, { diskMib: 10 * GIB }),
  preset('hobby', 'serenity', 'SerenityOS (64-bit)', 64, hobby, { memoryMib: 1024 }),
  preset('hobby', 'toaru', 'ToaruOS (64-bit)', 64, hobby, { diskMib: 0 }),
  preset('hobby', 'kolibri', 'KolibriOS (32-bit)', 32, hobby, { memoryMib: 128, diskMib: GIB }),
  preset('hobby', 'minix', 'MINIX 3 (32-bit)', 32, hobby, { memoryMib: 256 }),
  preset('hobby', 'plan9', 'Plan 9 or 9front', 32, hobby),
  preset('hobby', 'redox', 'Redox (64-bit)', 64, hobby, { memoryMib: 1024 }),
  preset('hobby', 'temple', 'TempleOS (64-bit)', 64, hobby),

  preset('other', 'illumos', 'Solaris or illumos (64-bit)', 64, modern, { diskBus: 'ide', pointingDevice: 'ps2' }),
  preset('other', 'os2', 'OS/2 or ArcaOS (32-bit)', 32, hobby, { memoryMib: 256, diskMib: 2 * GIB, rtc: 'local' }),
  preset('other', 'memory-test', 'Memory test', 64, hobby, { memoryMib: 256, diskMib: 0 }),
  preset('other', 'network-boot', 'Network boot program', 32, hobby, { memoryMib: 256, diskMib: 0 }),
  preset('other', 'other', 'Other (64-bit)', 64, modern, { memoryMib: 512, diskMib: 8 * GIB, diskBus: 'ide' }),
  preset('other', 'other-32', 'Other (32-bit)', 32, hobby, { memoryMib: 128, diskMib: 4 * GIB }),
];

const byId = new Map(osPresets.map((entry) => [entry.id, entry]));

/** The preset of a machine's `os`; one that this version does not know counts as "other". */
export function presetFor(id: string): OsPreset {
  return byId.get(id) ?? byId.get('other')!;
}

interface Clue {
  pattern: RegExp;
  id: string;
  /** The same system's 32-bit preset. */
  id32?: string;
}

/** First match wins: more telling words stand before the families they belong to. Tried on lower-case text. */
const nameClues: readonly Clue[] = [
  { pattern: /\breactos/, id: 'reactos' },
  { pattern: /\bfreedos/, id: 'freedos' },
  { pattern: /\b(l|x|k|ed)?ubuntu/, id: 'ubuntu', id32: 'ubuntu-32' },
  { pattern: /\bkali\b/, id: 'kali' },
  { pattern: /\b(linux ?)?mint\b/, id: 'mint' },
  { pattern: /\b(gparted|clonezilla|system ?rescue(cd)?|knoppix|grml|rescue)\b/, id: 'linux-rescue' },
  { pattern: /\b(debian|raspios|devuan)/, id: 'debian', id32: 'debian-32' },
  { pattern: /\bfedora/, id: 'fedora' },
  { pattern: /\b(rhel|red ?hat|centos|alma(linux)?|rocky|oracle ?linux|scientific ?linux)/, id: 'enterprise-linux' },
  { pattern: /\b(open)?suse/, id: 'opensuse' },
  { pattern: /\barch( ?linux)?\b|\b(manjaro|endeavour)/, id: 'arch' },
  { pattern: /\balpine/, id: 'alpine', id32: 'alpine-32' },
  { pattern: /\bgentoo/, id: 'gentoo' },
  { pattern: /\bnix ?os/, id: 'nixos' },
  { pattern: /\bslackware|\bslack\d/, id: 'slackware' },
  { pattern: /\btiny ?core|\bcore ?plus/, id: 'tiny-core' },
  { pattern: /\bvoid\b/, id: 'void' },
  { pattern: /\b(free|ghost|pf|opn)(bsd|sense)/, id: 'freebsd', id32: 'freebsd-32' },
  { pattern: /\bopenbsd/, id: 'openbsd', id32: 'openbsd-32' },
  { pattern: /\bnetbsd/, id: 'netbsd', id32: 'netbsd-32' },
  { pattern: /\bdragon ?fly/, id: 'dragonfly' },
  { pattern: /\b(win(dows)? ?)?(server ?)?2003/, id: 'windows-xp' },
  { pattern: /\bw(in(dows)?)? ?(server|srv|20(08|1[269]|2[25]))/, id: 'windows-server' },
  { pattern: /\bw(in(dows)?)? ?11\b/, id: 'windows-11' },
  { pattern: /\bw(in(dows)?)? ?10\b/, id: 'windows-10', id32: 'windows-10-32' },
  { pattern: /\bw(in(dows)?)? ?8(\.1)?\b/, id: 'windows-8' },
  { pattern: /\bw(in(dows)?)? ?7\b/, id: 'windows-7', id32: 'windows-7-32' },
  { pattern: /\bvista\b/, id: 'windows-vista' },
  { pattern: /\b(win(dows)? ?)?xp\b/, id: 'windows-xp' },
  { pattern: /\bw(in(dows)?)? ?(2000|2k)\b/, id: 'windows-2000' },
  { pattern: /\bw(in(dows)?)? ?nt ?4?\b|\bnt ?4\b/, id: 'windows-nt' },
  { pattern: /\bw(in(dows)?)? ?me\b/, id: 'windows-me' },
  { pattern: /\bw(in(dows)?)? ?98/, id: 'windows-98' },
  { pattern: /\bw(in(dows)?)? ?95/, id: 'windows-95' },
  { pattern: /\bw(in(dows)?)? ?3(\.\d+)?\b/, id: 'windows-3' },
  { pattern: /\bwindows\b/, id: 'windows-10', id32: 'windows-10-32' },
  { pattern: /\b(ms|pc|dr)? ?dos\b/, id: 'dos' },
  { pattern: /\bhaiku/, id: 'haiku', id32: 'haiku-32' },
  { pattern: /\bserenity/, id: 'serenity' },
  { pattern: /\btoaru/, id: 'toaru' },
  { pattern: /\bkolibri/, id: 'kolibri' },
  { pattern: /\bminix/, id: 'minix' },
  { pattern: /\b(plan ?9|9 ?front)/, id: 'plan9' },
  { pattern: /\bredox/, id: 'redox' },
  { pattern: /\btemple ?os/, id: 'temple' },
  { pattern: /\b(solaris|illumos|openindiana|omnios|smartos|tribblix)/, id: 'illumos' },
  { pattern: /\b(os ?\/ ?2|arcaos|ecomstation)/, id: 'os2' },
  { pattern: /\bmem(ory)? ?test|\bmt86plus/, id: 'memory-test' },
  { pattern: /\b(ipxe|netboot)/, id: 'network-boot' },
  { pattern: /\blinux\b|\bdistro\b/, id: 'linux', id32: 'linux-32' },
];

/** Of a text that names both widths, as discs for both do, the wider counts. */
function says32(text: string): boolean {
  return /\b(32( ?bits?)?|i[3456]86|x86)\b/.test(text) && !/\b(64|amd64|x64|x86.?64)/.test(text);
}

/** The preset that a machine's name speaks of, such as "ubuntu 24" or "Win XP"; null when it says nothing. */
export function presetForName(name: string): OsPreset | null {
  const text = wordsOf(name);
  const clue = nameClues.find(({ pattern }) => pattern.test(text));
  return clue ? presetOf(clue, text) : null;
}

function wordsOf(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[\s_+-]+/g, ' ')
    .trim();
}

function presetOf(clue: Clue, text: string): OsPreset {
  return presetFor(clue.id32 !== undefined && says32(text) ? clue.id32 : clue.id);
}

/** Labels that name their system in a way of their own; other labels are read like names. */
const labelClues: readonly Clue[] = [
  { pattern: /^d-live |^di$/, id: 'debian', id32: 'debian-32' },
  { pattern: /^(alma|rocky|ol-\d|rhel|centos)/, id: 'enterprise-linux' },
  { pattern: /^arch_\d/, id: 'arch' },
  { pattern: /^(fedora|f\d\d-)/, id: 'fedora' },
  { pattern: /^alpine-/, id: 'alpine', id32: 'alpine-32' },
  { pattern: /^(install|livecd|livedvd)[-_ ]?amd64/, id: 'gentoo' },
  { pattern: /^openbsd/, id: 'openbsd', id32: 'openbsd-32' },
  { pattern: /^\d+_\d+_release_/, id: 'freebsd', id32: 'freebsd-32' },
  { pattern: /^mt86plus/, id: 'memory-test' },
  { pattern: /^(grtm|wxp|win?xp|vx2p|vrmp)/, id: 'windows-xp' },
  { pattern: /^(w2[0-9]*k|win2k)/, id: 'windows-2000' },
  { pattern: /^(esd-iso|ccc?oma|cp[br]a|j_ccsa|cena).*x64/, id: 'windows-10' },
  { pattern: /^(esd-iso|ccc?oma|cp[br]a|j_ccsa|cena).*x86/, id: 'windows-10-32' },
  { pattern: /^(grmc|gsp1rm).*xfr/, id: 'windows-7' },
  { pattern: /^(grmc|gsp1rm)/, id: 'windows-7-32' },
  { pattern: /^(sss_x64|ir[15]_)/, id: 'windows-server' },
];

/** Files that only one system's discs have. Paths are lower case, without a leading slash. */
const fileClues: readonly Clue[] = [
  { pattern: /^reactos(\/|$)/, id: 'reactos' },
  { pattern: /^(freedos|fdos|fdisk131)(\/|$)/, id: 'freedos' },
  { pattern: /^casper(\/|$)/, id: 'ubuntu', id32: 'ubuntu-32' },
  { pattern: /^install\.(amd|386)(\/|$)/, id: 'debian', id32: 'debian-32' },
  { pattern: /^arch(\/|$)/, id: 'arch' },
  { pattern: /^cde\/optional(\/|$)/, id: 'tiny-core' },
  { pattern: /^\.alpine-release$/, id: 'alpine', id32: 'alpine-32' },
  { pattern: /^sysresccd(\/|$)|^sysrcd/, id: 'linux-rescue' },
  { pattern: /^kolibri\.img$/, id: 'kolibri' },
  { pattern: /^ipxe\.(krn|lkrn|efi)$/, id: 'network-boot' },
  { pattern: /^win95(\/|$)/, id: 'windows-95' },
  { pattern: /^win98(\/|$)/, id: 'windows-98' },
  { pattern: /^win9x(\/|$)/, id: 'windows-me' },
  { pattern: /^win51(ip|ic)?(\.|$)/, id: 'windows-xp' },
  { pattern: /^cdrom_nt\.5$/, id: 'windows-2000' },
  { pattern: /^cdrom_w\.40$/, id: 'windows-nt' },
  { pattern: /^sources\/(install|boot)\.(wim|esd)$/, id: 'windows-10', id32: 'windows-10-32' },
  { pattern: /^live\/(filesystem\.squashfs|vmlinuz)/, id: 'linux-rescue' },
  { pattern: /^(isolinux|syslinux|vmlinuz|linux)(\/|\.|$)/, id: 'linux', id32: 'linux-32' },
];

/** The title by which a disc of a boot loader or the like goes says nothing of a system. */
const emptyLabel = /^(cdrom|iso ?image|isoimage|new|untitled|cd_?rom)?$/;

/**
 * The preset id of the system that a disc installs or is; null when nothing tells. `files` are paths in the disc, at least those of
 * its root; a short text such as `.disk/info` may follow as `info`.
 */
export function presetForVolume(label: string, files: readonly string[] = [], info = ''): string | null {
  const paths = files.map((path) => path.toLowerCase().replace(/^\/+/, '').replace(/;\d+$/, '').replace(/\.$/, ''));
  const raw = label.trim().toLowerCase();
  const words = wordsOf(`${label} ${info}`);
  const is32 = says32(words) || paths.some((path) => /^(install\.386|dists\/.*i386|i386)(\/|$)/.test(path));
  const hint = is32 ? `${words} i386` : words;
  const byInfo = info === '' ? null : presetForName(info);
  if (byInfo) return presetOf(clueOf(byInfo.id), hint).id;
  const clue = emptyLabel.test(raw) ? undefined : labelClues.find(({ pattern }) => pattern.test(raw));
  if (clue) return presetOf(clue, hint).id;
  const byName = presetForName(label);
  if (byName) return presetOf(clueOf(byName.id), hint).id;
  for (const { pattern, ...found } of fileClues) {
    if (paths.some((path) => pattern.test(path))) return presetOf({ pattern, ...found }, hint).id;
  }
  return null;
}

/** The clue that leads to a preset, with its 32-bit relative. */
function clueOf(id: string): Clue {
  return nameClues.find((clue) => clue.id === id || clue.id32 === id) ?? { pattern: /^/, id };
}
