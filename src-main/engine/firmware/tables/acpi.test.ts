import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { testMachine } from '../test-machine.ts';
import { buildAcpiTables, buildRsdp, checksum, placeAcpiTables } from './acpi.ts';

function sum(bytes: Uint8Array): number {
  return bytes.reduce((total, byte) => (total + byte) & 0xff, 0);
}

describe('ACPI tables', () => {
  it('have zero checksums and pointers to one another', () => {
    const { tables, rsdtAddress, xsdtAddress } = placeAcpiTables(testMachine, 0x1000000, 0x100f000);
    const byAddress = new Map(tables.map((table) => [table.address, table.bytes]));
    for (const { bytes } of tables.slice(1)) expect(sum(bytes)).toBe(0);
    const xsdt = byAddress.get(xsdtAddress)!;
    const rsdt = byAddress.get(rsdtAddress)!;
    const text = (bytes: Uint8Array): string => String.fromCharCode(...bytes.subarray(0, 4));
    const fadt = byAddress.get(new DataView(xsdt.buffer).getUint32(36, true))!;
    expect(text(fadt)).toBe('FACP');
    expect(text(byAddress.get(new DataView(rsdt.buffer).getUint32(40, true))!)).toBe('APIC');
    expect(text(byAddress.get(new DataView(fadt.buffer).getUint32(40, true))!)).toBe('DSDT');
    expect(new DataView(fadt.buffer).getUint32(36, true)).toBe(0x100f000);
    const rsdp = buildRsdp(rsdtAddress, xsdtAddress);
    expect([sum(rsdp.subarray(0, 20)), sum(rsdp)]).toEqual([0, 0]);
  });

  it('leaves no two tables overlapping', () => {
    const { tables, endAddress } = placeAcpiTables(testMachine, 0x1000000, 0x100f000);
    const ordered = tables.filter((table) => table.address < 0x100f000).sort((a, b) => a.address - b.address);
    for (let index = 1; index < ordered.length; index++) {
      expect(ordered[index]!.address).toBeGreaterThanOrEqual(
        ordered[index - 1]!.address + ordered[index - 1]!.bytes.length,
      );
    }
    expect(endAddress - 0x1000000).toBeLessThanOrEqual(0xf000);
  });
});

const hasAcpica = spawnSync('acpiexec', ['-v']).status === 0;
describe.skipIf(!hasAcpica)('ACPICA (package acpica-tools; skipped without it)', () => {
  const directory = mkdtempSync(join(tmpdir(), 'ospite-acpi-'));
  const write = (name: string): string => {
    const table = buildAcpiTables(testMachine).find((candidate) => candidate.name === name)!;
    table.bytes[9] = table.hasChecksum ? checksum(table.bytes) : 0;
    const file = join(directory, `${name.toLowerCase()}.aml`);
    writeFileSync(file, table.bytes);
    return file;
  };

  it('disassembles every table without complaint', () => {
    for (const name of ['DSDT', 'FACP', 'APIC', 'HPET']) {
      const output = execFileSync('iasl', ['-d', write(name)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
      expect(output).not.toMatch(/error|warning|invalid|incorrect/i);
    }
    const source = readFileSync(join(directory, 'dsdt.dsl'), 'utf8');
    expect(source).toContain('EisaId ("PNP0A03")');
    expect(source).not.toMatch(/Unknown|Invalid/);
    writeFileSync(join(directory, 'again.dsl'), source);
    const compiled = spawnSync('iasl', [join(directory, 'again.dsl')], { encoding: 'utf8' });
    expect(compiled.stdout + compiled.stderr).toMatch(/Compilation successful. 0 Errors/);
  });

  it('interprets the link devices: disabled, then routed to IRQ 10', () => {
    const run = (command: string): string => {
      const result = spawnSync('acpiexec', ['-b', command, write('DSDT')], { encoding: 'utf8', timeout: 20_000 });
      return result.stdout + result.stderr;
    };
    expect(run('execute \\_SB.LNKA._CRS')).toMatch(/Evaluation of .*_CRS.* returned object|returned object/);
    expect(run('resources \\_SB.LNKA')).toMatch(/Extended IRQ/i);
    expect(run('resources \\_SB.PCI0')).not.toMatch(/AE_(AML|BAD|LIMIT)/);
    expect(run('execute \\_S5_')).not.toMatch(/AE_/);
    rmSync(directory, { recursive: true });
  });
});
