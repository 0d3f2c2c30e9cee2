// How the pages are built: hashed assets, a manifest for the size budget, nothing inline.
import react from '@vitejs/plugin-react';
import {defineConfig} from 'vite';

export default defineConfig({
  plugins: [react()],
  cacheDir: '.vite',
  build: {
    target: 'es2022',
    manifest: 'manifest.json',
    // Never as data: in the style sheet: the content security policy forbids it.
    assetsInlineLimit: 0,
    modulePreload: {polyfill: false},
    sourcemap: false,
    chunkSizeWarningLimit: 600,
  },
  server: {
    // Beside `vedette up`: `npm run dev` proxies what is not a page.
    proxy: {'/api': 'http://127.0.0.1:9000', '/auth': 'http://127.0.0.1:9000'},
  },
});
