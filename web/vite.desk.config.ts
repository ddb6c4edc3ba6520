// Build of the desk (agency and clients): web/dist/desk, served at /desk/.

import { defineConfig } from 'vite';
import { app } from './build/app.ts';

export default defineConfig(app('desk', 5174));
