import react from '@vitejs/plugin-react';
import {defineConfig} from 'vite';

export default defineConfig({
  plugins: [react({jsxRuntime: 'classic'})], // React 17 as it was commonly built
  build: {sourcemap: true, target: 'es2022'},
});
