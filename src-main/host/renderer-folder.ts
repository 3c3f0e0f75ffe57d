// Where the built GUI is: dist/renderer, seen from dist/src-main/host or from src-main/host.
import { fileURLToPath } from 'node:url';

export function rendererFolder(): string {
  return fileURLToPath(
    new URL(import.meta.url.endsWith('.ts') ? '../../dist/renderer' : '../../renderer', import.meta.url),
  );
}
