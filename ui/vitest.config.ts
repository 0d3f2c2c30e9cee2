// The tests of pure parts; pages are tested in a browser against a real server (tests/pages).
import {defineConfig} from 'vitest/config';

export default defineConfig({test: {include: ['src/**/*.test.ts'], cache: false}});
