import { defineConfig } from 'vite';

export default defineConfig({
  root: 'src-renderer',
  // Relative, so that the same files load from a server and from Electron's own protocol.
  base: './',
  publicDir: '../assets/public',
  build: {
    outDir: '../dist/renderer',
    emptyOutDir: true,
    chunkSizeWarningLimit: 3000,
    // Fonts and pictures stay files: the content security policy allows no inline ones in styles.
    assetsInlineLimit: 0,
    rolldownOptions: {
      onLog(level, log, handler) {
        // 'use client' marks of the component library mean nothing outside server rendering.
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') handler(level, log);
      },
    },
  },
  oxc: { jsx: { runtime: 'automatic' } },
});
