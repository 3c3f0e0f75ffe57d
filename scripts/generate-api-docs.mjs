// Writes docs/api.md anew; run it after changing anything under src-main/contract.
import { writeFileSync } from 'node:fs';
import { runnerImport } from 'vite';

const { module } = await runnerImport('./scripts/api-docs.ts');
writeFileSync('docs/api.md', module.apiDocument());
