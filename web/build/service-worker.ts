// A small plugin that builds the service worker after the app, as one classic script with the list of
// what to keep offline written into it. It decides nothing about how that list is used: that is src/field/sw.ts.

import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { build, type Plugin, type ResolvedConfig } from 'vite';

interface Options {
  /** Source of the worker, relative to web/. */
  entry: string;
  /** Its name in the output folder. It is never hashed: its address is its identity. */
  fileName: string;
}

/** One kept file: `revision` is null where the name already carries a hash of the content. */
interface Kept {
  url: string;
  revision: string | null;
}

export function serviceWorker({ entry, fileName }: Options): Plugin {
  let config: ResolvedConfig;
  return {
    name: 'plainclothes:service-worker',
    apply: 'build',
    configResolved(resolved) {
      config = resolved;
    },
    closeBundle: {
      sequential: true,
      async handler() {
        const folder = resolve(config.root, config.build.outDir);
        const kept = await list(folder, config.base, fileName);
        await build({
          configFile: false,
          root: config.root,
          publicDir: false,
          logLevel: 'warn',
          define: { __KEPT__: JSON.stringify(kept), 'process.env.NODE_ENV': '"production"' },
          build: {
            outDir: folder,
            emptyOutDir: false,
            target: config.build.target,
            lib: {
              entry: resolve(config.root, entry),
              formats: ['iife'],
              name: 'worker',
              fileName: () => fileName,
            },
          },
        });
      },
    },
  };
}

async function list(folder: string, base: string, workerName: string): Promise<Kept[]> {
  const kept: Kept[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const path = relative(folder, file).split(sep).join('/');
    if (path === workerName || path.endsWith('.map')) continue;
    const hashed = path.startsWith('assets/');
    const revision = hashed
      ? null
      : createHash('sha256')
          .update(await readFile(file))
          .digest('hex')
          .slice(0, 16);
    kept.push({ url: base + path, revision });
  }
  return kept.sort((a, b) => (a.url < b.url ? -1 : 1));
}
