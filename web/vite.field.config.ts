// Build of the phone's app: web/dist/field, served at /field/. The service worker is built after it.

import { defineConfig } from 'vite';
import { app } from './build/app.ts';
import { serviceWorker } from './build/service-worker.ts';

export default defineConfig(
  app('field', 5173, [serviceWorker({ entry: 'src/field/sw.ts', fileName: 'sw.js' })]),
);
