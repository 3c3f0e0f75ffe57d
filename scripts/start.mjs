// `npm start`: brings the build up to date, then opens the desktop.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

if (!existsSync('dist/renderer/index.html')) {
  const built = spawnSync('npm', ['run', 'build'], { stdio: 'inherit', shell: process.platform === 'win32' });
  if (built.status !== 0) process.exit(built.status ?? 1);
}
const { main } = await import('../dist/src-main/cli/main.js');
process.exitCode = await main(process.argv.slice(2));
