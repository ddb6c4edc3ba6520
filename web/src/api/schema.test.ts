// The generated types are those of the committed API document; that the document is the program's own is a test of the server.
import { readFileSync } from 'node:fs';
import openapiTS, { astToString } from 'openapi-typescript';
import { expect, test } from 'vitest';

test("src/api/schema.d.ts is made from docs/openapi.json: run 'make api' when this fails", async () => {
  const document = new URL('../../../docs/openapi.json', import.meta.url);
  const generated = astToString(await openapiTS(document));
  const committed = readFileSync(new URL('./schema.d.ts', import.meta.url), 'utf8');
  expect(committed.endsWith(generated) || committed.trim().endsWith(generated.trim())).toBe(true);
});
