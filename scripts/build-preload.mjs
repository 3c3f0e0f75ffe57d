// Bundles Electron's preload script to CommonJS: a sandboxed preload may be nothing else.
import { build } from 'vite';

await build({
  configFile: false,
  logLevel: 'warn',
  build: {
    lib: { entry: 'src-main/electron/preload.ts', formats: ['cjs'], fileName: () => 'preload.cjs' },
    outDir: 'dist',
    emptyOutDir: false,
    copyPublicDir: false,
    rolldownOptions: { external: ['electron'] },
  },
});
