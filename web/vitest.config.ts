// Unit tests: pure modules, and IndexedDB by an in-memory implementation. Browser behaviour is tested in a browser.

import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [svelte()],
  test: { include: ['src/**/*.test.ts'], environment: 'node', css: { include: /theme\.css/ } },
});
