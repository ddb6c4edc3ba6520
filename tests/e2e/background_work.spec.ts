// What an admin sees of the program itself: work that was given up and is tried again, and programs that are told of publications.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test, type Browser } from '@playwright/test';
import { axe } from './axe';
import { Desks, LARGE, SMALL } from './desk';
import { Keyboard } from './keyboard';
import { Caller, startServer, type Server } from './server';

const desks = new Desks();
let server: Server;
let admin: Caller;

test.describe.configure({ timeout: 90_000 });
test.beforeAll(async () => {
  server = await startServer();
  admin = await Caller.signIn(server, 'admin');
});
test.afterAll(async () => {
  await server?.stop();
});
test.afterEach(() => desks.close());

const desk = (browser: Browser, at: string, viewport = LARGE) =>
  desks.open(browser, server, 'admin', at, viewport);

/** Statements on the server's own file, from outside. */
const sql = (...statements: string[]) =>
  execFileSync('sqlite3', [
    '-cmd',
    '.timeout 10000',
    join(server.folder, 'plainclothes.db'),
    statements.map((one) => `${one};`).join('\n'),
  ]);

test('what was given up says why, and is tried again by keyboard alone', async ({ browser }) => {
  const agency = `(SELECT id FROM agency LIMIT 1)`;
  const dead = (n: number) =>
    `INSERT INTO job (id, agency_id, kind, payload, state, attempts, run_at_ms, last_error, failed_at_ms, created_at_ms)
     VALUES (randomblob(16), ${agency}, 'photo.renditions', '{"n":${n}}', 'dead', 20, 0, 'the picture ends too early', 0, 0)`;
  sql(dead(1), dead(2), dead(3));
  const page = await desk(browser, '/jobs');
  const rows = page.locator('tbody tr');
  await expect(rows).toHaveCount(3);
  await expect(rows.first()).toContainText('the picture ends too early');
  expect(await axe(page)).toEqual([]);
  const keyboard = new Keyboard(page);
  await keyboard.activate(rows.first().getByRole('button', { name: 'Throw away' }));
  await expect(rows).toHaveCount(2);
  await keyboard.activate(page.getByTestId('retry-all-photo.renditions'));
  await expect(page.getByText('Nothing was given up')).toBeVisible();
  expect(await axe(page)).toEqual([]);
  expect((await admin.json('/jobs?state=dead')).total).toBe(0);
});

test('an address is added, its secret shown once, and a trial says that nobody answers', async ({
  browser,
}) => {
  const page = await desk(browser, '/jobs', SMALL);
  await page.getByTestId('system-webhooks').click();
  await expect(page.getByText('Nobody is told yet')).toBeVisible();
  expect(await axe(page)).toEqual([]);
  await page.getByLabel('Address').fill('http://127.0.0.1/');
  await page.getByRole('button', { name: 'Add it' }).click();
  await expect(page.getByRole('alert').first()).toContainText('https://');
  await page.getByLabel('Address').fill('https://localhost:1/in');
  await page.getByRole('button', { name: 'Add it' }).click();
  const secret = page.getByTestId('webhook-secret');
  await expect(secret).toContainText('whsec_');
  expect(await axe(page)).toEqual([]);
  await secret.getByRole('button').click();
  await expect(secret).toBeHidden();
  await page.getByRole('button', { name: 'Send a trial' }).click();
  await expect(page.getByText('private network').first()).toBeVisible();
  await page.getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByText('Nobody is told yet')).toBeVisible();
});
