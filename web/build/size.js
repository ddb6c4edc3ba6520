// Prints what a first load costs: script and style of each app, as brotli sends them.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';

for (const app of ['field', 'desk']) {
  const folder = new URL(`../dist/${app}`, import.meta.url).pathname;
  const total = { js: 0, css: 0 };
  for (const name of readdirSync(folder, { recursive: true }).map(String)) {
    const kind = name.split('.').pop();
    if (kind === 'js' || kind === 'css') {
      const size = brotliCompressSync(readFileSync(join(folder, name))).length;
      total[kind] += size;
      console.log(`${app}  ${String(size).padStart(7)}  ${name}`);
    }
  }
  console.log(`${app}  script ${total.js} bytes, style ${total.css} bytes (brotli)\n`);
}
