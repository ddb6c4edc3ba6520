// The curl scripts in the README's API part, run as they are printed: in one shell, with nothing changed but the address.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from '@playwright/test';
import { Caller, startServer, type Server } from './server';

const root = resolve(__dirname, '../..');
const ADDRESS = 'URL=http://localhost:8080\n';

let server: Server;
let folder: string;
test.beforeAll(async () => {
  server = await startServer();
  folder = mkdtempSync(join(tmpdir(), 'plainclothes-readme-'));
});
test.afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** All `sh` blocks between the heading 'The API' and the next of its kind. */
function printed(): string {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const part = readme.split(/^## /m).find((text) => text.startsWith('The API'));
  if (!part) throw new Error("the README has no part called 'The API'");
  return [...part.matchAll(/^```sh\n(.*?)^```$/gms)].map((block) => block[1]).join('\n');
}

test("the README's curl scripts work as printed", async () => {
  const shopper = await Caller.signIn(server, 'shopper');
  const reviewer = await Caller.signIn(server, 'reviewer');
  const changes = (await shopper.json('/sync/changes?limit=500')).changes;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests read whatever the API says
  const visits: any[] = changes
    .filter((c: any) => c.op === 'put' && c.kind === 'visit')
    .map((c: any) => c.value);
  const visit = visits.find((v) => v.state === 'assigned' && v.checklist.slug === 'restaurant-dine-in');
  const before = await reviewer.json(`/audits?location=${visit.location.id}&state=approved&limit=200`);

  const script = printed();
  expect(script.startsWith(ADDRESS), 'the scripts begin with the address').toBe(true);
  const here = `URL=${server.url}\n${script.slice(ADDRESS.length)}`;
  // `mktemp` makes its folder where TMPDIR says; Playwright asks its children for colours, a newcomer's shell does not.
  const env = { ...process.env, TMPDIR: folder, FORCE_COLOR: undefined };
  const said = execFileSync('bash', ['-euo', 'pipefail', '-c', here], {
    cwd: root,
    env,
    timeout: 60_000,
  }).toString();
  const lines = [
    'the checklist is what it says it is',
    'first: 201',
    'second: 200',
    'upload-offset: 10000',
    'complete',
    'approved',
  ];
  for (const words of [visit.location.name, "state: 'unknown'", "state: 'stored'", 'ed25519:'])
    expect(said).toContain(words);
  expect(said.split(/\r?\n/).map((line) => line.toLowerCase())).toEqual(expect.arrayContaining(lines));

  const after = await reviewer.json(`/audits?location=${visit.location.id}&state=approved&limit=200`);
  const known = before.items.map((item: { id: string }) => item.id);
  const fresh = after.items.filter((item: { id: string }) => !known.includes(item.id));
  expect(fresh).toHaveLength(1);
  // No flag: among other things, the example's score is the server's.
  expect(fresh[0].flags).toEqual([]);
  expect(fresh[0].complete).toBe(true);

  const files = readdirSync(folder, { recursive: true }).map(String);
  const report = files.find((file) => file.endsWith('report.pdf'));
  expect(report, 'the last step has saved report.pdf').toBeTruthy();
  const pdf = join(folder, report!);
  expect(readFileSync(pdf).subarray(0, 5).toString()).toBe('%PDF-');
  const text = execFileSync('pdftotext', ['-layout', pdf, '-']).toString();
  expect(text).toContain(visit.location.name);
  expect(text).toContain(`${(fresh[0].total_micros / 10_000).toFixed(1)}%`);
  const pictures = execFileSync('pdfimages', ['-list', pdf]).toString().trim().split('\n');
  expect(pictures.length, 'the receipt is in the report').toBeGreaterThan(2);
});
