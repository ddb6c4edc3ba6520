// What both builds have in common: base path, output folder, entry page. It knows nothing of either app.

import { svelte } from '@sveltejs/vite-plugin-svelte';
import tailwindcss from '@tailwindcss/vite';
import { fileURLToPath } from 'node:url';
import { readFileSync } from 'node:fs';
import type { Plugin, PluginOption, UserConfig } from 'vite';

const web = fileURLToPath(new URL('..', import.meta.url));
const { version } = JSON.parse(readFileSync(`${web}package.json`, 'utf8')) as { version: string };

/** The page of an app is `<name>.html` here, beside its sibling, and `index.html` where it is served. */
function pageAsIndex(name: string): Plugin {
  return {
    name: 'plainclothes:page-as-index',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const page = bundle[`${name}.html`];
      if (page) page.fileName = 'index.html';
    },
    configureServer(server) {
      server.middlewares.use((request, _response, next) => {
        const path = (request.url ?? '').split('?')[0] ?? '';
        const isPage = path === `/${name}` || (path.startsWith(`/${name}/`) && !/\.[a-z0-9]+$/i.test(path));
        if (isPage && (request.headers.accept ?? '').includes('text/html'))
          request.url = `/${name}/${name}.html`;
        next();
      });
    },
  };
}

export function app(name: 'field' | 'desk', port: number, plugins: PluginOption[] = []): UserConfig {
  return {
    root: web,
    base: `/${name}/`,
    publicDir: `public/${name}`,
    appType: 'mpa',
    define: { __APP_VERSION__: JSON.stringify(version) },
    plugins: [svelte(), tailwindcss(), pageAsIndex(name), plugins],
    build: {
      outDir: `dist/${name}`,
      emptyOutDir: true,
      target: ['es2022', 'safari16.4', 'chrome111', 'firefox114'],
      modulePreload: { polyfill: false },
      // Nothing becomes a data: address: the content security policy allows none for fonts or styles.
      assetsInlineLimit: 0,
      rolldownOptions: { input: `${web}${name}.html` },
    },
    server: {
      port,
      strictPort: true,
      proxy: { '/api': process.env['PLAINCLOTHES_API'] ?? 'http://localhost:8080' },
    },
  };
}
