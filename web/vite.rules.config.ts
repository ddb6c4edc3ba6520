// Bundles the phone's rules into a program for Node, for the test that compares them with the server's. Part of no app.

import { defineConfig } from 'vite';

export default defineConfig({
  publicDir: false,
  logLevel: 'warn',
  build: {
    ssr: 'build/phone-rules.ts',
    target: 'node20',
    rolldownOptions: { output: { entryFileNames: '[name].mjs' } },
  },
});
