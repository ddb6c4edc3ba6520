// Settings of the Svelte compiler and its tools: the defaults, said once, so that every tool finds the same.

import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

export default { preprocess: vitePreprocess() };
