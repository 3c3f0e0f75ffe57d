// The compiled processor core. Compiled once for each process and shared by all its machines (a WebAssembly.Module can be posted).
import { readFile } from 'node:fs/promises';
import { OspiteError } from '../core/errors.ts';

let loading: Promise<WebAssembly.Module> | null = null;

/** @throws {OspiteError} internal when the build is incomplete */
export function loadCore(): Promise<WebAssembly.Module> {
  loading ??= compileCore();
  return loading;
}

async function compileCore(): Promise<WebAssembly.Module> {
  // From dist/src-main/host/ in a build, from src-main/host/ when the sources run under vitest.
  const url = new URL(import.meta.url.endsWith('.ts') ? '../../dist/core.wasm' : '../../core.wasm', import.meta.url);
  try {
    return await WebAssembly.compile(await readFile(url));
  } catch (error) {
    throw new OspiteError('internal', 'The processor core is missing from this installation; run "npm run build"', {
      cause: error,
    });
  }
}
