import { defineConfig } from 'vite';

/** The pages: one entry, charts in files of their own that are loaded when a tab needs them. */
export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
  build: {
    outDir: '../../../dist/dashboard/web',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // Vega alone is larger than the usual limit, and is loaded only where it draws; a test bounds what every page loads.
    chunkSizeWarningLimit: 1_000,
    // A test reads in it what is loaded before any chart is.
    manifest: true,
  },
});
