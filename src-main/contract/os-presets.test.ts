import { describe, expect, it } from 'vitest';
import { machineSettings } from './machine.ts';
import { osFamilies, osPresets, presetFor, presetForName, presetForVolume } from './os-presets.ts';

describe('every preset', () => {
  it('has an id of its own that fits a definition', () => {
    expect(new Set(osPresets.map(({ id }) => id)).size).toBe(osPresets.length);
    for (const { id } of osPresets) expect(id).toMatch(/^[a-z0-9-]{2,60}$/);
  });

  it.each(osPresets)('$id makes settings that the schema takes', ({ memoryMib, cpus, videoMemoryMib, ...rest }) => {
    const { pointingDevice, rtc } = rest;
    expect(machineSettings.safeParse({ memoryMib, cpus, videoMemoryMib, pointingDevice, rtc }).error).toBeUndefined();
  });

  it('belongs to a family that is shown, next to its relatives', () => {
    const families = osPresets.map(({ family }) => family);
    expect(families.filter((family, index) => family !== families[index - 1])).toEqual(osFamilies);
  });
});

it('takes an unknown id for "other"', () => {
  expect(presetFor('beos').id).toBe('other');
  expect(presetFor('debian').id).toBe('debian');
});

describe('a name', () => {
  it.each([
    ['ubuntu 24', 'ubuntu'],
    ['Xubuntu-18.04 32-bit', 'ubuntu-32'],
    ['debian-12.5.0-i386-netinst', 'debian-32'],
    ['debian-12.5.0-amd64-netinst', 'debian'],
    ['Debian x86-64', 'debian'],
    ['FreeBSD 14', 'freebsd'],
    ['Windows XP', 'windows-xp'],
    ['Windows Server 2003', 'windows-xp'],
    ['windows-server-2022', 'windows-server'],
    ['win11', 'windows-11'],
    ['win-10 x86', 'windows-10-32'],
    ['Win98 SE', 'windows-98'],
    ['Windows 2000', 'windows-2000'],
    ['Windows NT 4.0', 'windows-nt'],
    ['MS-DOS 6.22', 'dos'],
    ['FreeDOS 1.3', 'freedos'],
    ['ReactOS', 'reactos'],
    ['Haiku R1', 'haiku'],
    ['my arch box', 'arch'],
    ['Rocky 9', 'enterprise-linux'],
    ['openSUSE Leap', 'opensuse'],
    ['memtest86+', 'memory-test'],
    ['some linux', 'linux'],
  ])('%s speaks of %s', (name, id) => {
    expect(presetForName(name)?.id).toBe(id);
  });

  it.each(['', 'Web server', 'architecture', 'Test 7', 'voided', 'Homework', 'Bob'])('%s says nothing', (name) => {
    expect(presetForName(name)).toBeNull();
  });
});

describe('a disc', () => {
  it.each([
    ['Ubuntu 24.04.1 LTS amd64', ['casper', 'boot'], 'ubuntu'],
    ['Debian 12.5.0 amd64 n', ['install.amd', 'dists'], 'debian'],
    ['Debian 12.5.0 i386 n', ['install.386'], 'debian-32'],
    ['d-live 12.5.0 xf amd64', ['live'], 'debian'],
    ['DI', ['ISOLINUX.BIN;1', 'LINUX.;1'], 'debian'],
    ['Fedora-WS-Live-40-1-14', [], 'fedora'],
    ['Rocky-9-4-x86_64-dvd', [], 'enterprise-linux'],
    ['ARCH_202406', ['arch'], 'arch'],
    ['alpine-std 3.20.0 x86_64', [], 'alpine'],
    ['OpenBSD/amd64   7.5 Install CD', [], 'openbsd'],
    ['14_1_RELEASE_AMD64_CD', [], 'freebsd'],
    ['13_3_RELEASE_I386_CD', [], 'freebsd-32'],
    ['CCCOMA_X64FRE_EN-US_DV9', ['sources/install.wim'], 'windows-10'],
    ['GRMCULFRER_EN_DVD', [], 'windows-7-32'],
    ['GRTMPVOL_EN', ['WIN51', 'WIN51IP', 'I386'], 'windows-xp'],
    ['MT86PLUS_64', ['BOOT', 'EFI'], 'memory-test'],
    ['ISOIMAGE', ['IPXE.KRN;1', 'ISOLINUX.BIN;1'], 'network-boot'],
    ['ISOIMAGE', ['boot', 'boot.cat'], null],
    ['', ['casper/vmlinuz'], 'ubuntu'],
    ['REACTOS', ['reactos'], 'reactos'],
    ['BACKUP', ['photos'], null],
  ])('%s is recognised', (label, files, id) => {
    expect(presetForVolume(label, files)).toBe(id);
  });

  it('is what its own information file says', () => {
    expect(presetForVolume('CDROM', ['.disk'], 'Ubuntu 24.04.1 LTS "Noble Numbat" - Release amd64 (20240827.1)')).toBe(
      'ubuntu',
    );
    expect(presetForVolume('x', [], 'Debian GNU/Linux 11 "Bullseye" - Official i386 NETINST')).toBe('debian-32');
  });

  it('says nothing where there is nothing', () => {
    expect(presetForVolume('')).toBeNull();
  });
});
