// What a phone does with finished work when the world is against it: no line, a hotel's line, a tab that is killed, two tabs, an
// update of the app, a session that ended, a worker that is woken. Each time everything arrives once, and the page says how it stands.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test, type BrowserContext, type Page } from '@playwright/test';
import { axe } from './axe';
import { Line } from './line';
import { arrived, fillSignIn, finish, handOutSmall, newPhone, noise, signIn } from './phone/small_visits';
import { Caller, startServer, type Server } from './server';

let server: Server;
let line: Line;
let visits: string[];
let phone: BrowserContext;
let page: Page;
let visit: string;

test.describe.configure({ timeout: 60_000 });
test.beforeAll(async () => {
  server = await startServer();
  line = await Line.to(server);
  visits = await handOutSmall(server, 9);
});
test.afterAll(async () => {
  await line?.stop();
  await server?.stop();
});
test.beforeEach(async ({ browser }) => {
  line.reset();
  visit = visits.pop()!;
  phone = await newPhone(browser);
  page = await phone.newPage();
  await signIn(page, line.url, visit);
  line.seen.length = 0;
});
test.afterEach(async () => {
  await phone?.close();
});

const toOutbox = (of: Page) => of.evaluate(() => (location.hash = '#/outbox'));

/** The audit is at the agency once, with these very photos. */
async function isThere(audit: string, photos: readonly Buffer[]): Promise<void> {
  const reviewer = await Caller.signIn(server, 'reviewer');
  const detail = await reviewer.json(`/audits/${audit}`);
  expect(detail.complete).toBe(true);
  expect(detail.flags).not.toContain('duplicate_visit');
  const names = photos.map((photo) => createHash('sha256').update(photo).digest('hex'));
  expect(detail.photos.map((photo: { sha256: string }) => photo.sha256).sort()).toEqual(names.sort());
}

test('a reload without a line keeps a full outbox, which says what waits and why; it can be saved to a file', async () => {
  await phone.setOffline(true);
  const photos = [await noise(page), await noise(page)];
  const { audit, card } = await finish(page, visit, photos);
  await page.reload();
  await expect(card).toHaveAttribute('data-state', 'waiting');
  await expect(card.getByTestId('outbox-parts')).toContainText('Answers are only on this phone');
  await expect(card.getByTestId('outbox-parts')).toContainText('2 of 2 photos only on this phone');
  await expect(card.getByTestId('outbox-why')).toHaveText('Waits for a connection.');
  expect(await axe(page), 'the outbox').toEqual([]);

  await page.evaluate(() => (location.hash = '#/settings'));
  expect(await axe(page), 'the settings').toEqual([]);
  const download = page.waitForEvent('download');
  await page.getByTestId('save-all').click();
  const lines = readFileSync(await (await download).path(), 'utf8').trimEnd().split('\n').map((text) => JSON.parse(text));
  expect(lines[0]).toMatchObject({ format: 'plainclothes-outbox-2', user: expect.any(String) });
  expect(lines[1]).toMatchObject({ audit, sha256: createHash('sha256').update(lines[1].text).digest('hex') });
  expect(lines.slice(2).map(({ base64 }) => Buffer.from(base64, 'base64'))).toEqual(photos);

  await toOutbox(page);
  await phone.setOffline(false);
  await arrived(card);
  await isThere(audit, photos);
});

test('a tab that is killed in the middle of a photo goes on where it stood', async () => {
  const photos = [await noise(page, 1400), await noise(page, 1400)];
  const size_bytes = photos.reduce((sum, photo) => sum + photo.length, 0);
  expect(size_bytes).toBeGreaterThan(1_000_000);
  line.bytes_per_s = 500_000;
  const { audit } = await finish(page, visit, photos);
  // Deep in the first photo, where beginning it anew would show.
  await expect.poll(() => line.photo_bytes, { intervals: [20] }).toBeGreaterThan(photos[0]!.length * 0.7);
  await page.close({ runBeforeUnload: false });
  line.bytes_per_s = undefined;
  const again = await phone.newPage();
  await again.goto(`${line.url}/field/#/outbox`);
  await arrived(again.getByTestId(`outbox-item-${audit}`));
  await isThere(audit, photos);
  test.info().annotations.push({ type: 'sent', description: `${(line.photo_bytes / size_bytes).toFixed(3)} × its size` });
  expect(line.photo_bytes / size_bytes).toBeLessThanOrEqual(1.15);
  expect(line.requests('PUT', '/audits')).toHaveLength(1);
});

test('a line that breaks every five seconds of 50 kbit/s costs little more than a whole one', async () => {
  const photos = [await noise(page, 1200)];
  const size_bytes = photos.reduce((sum, photo) => sum + photo.length, 0);
  line.photo_bytes_per_break = 5 * (50_000 / 8);
  const { audit, card } = await finish(page, visit, photos);
  await arrived(card);
  await isThere(audit, photos);
  expect(line.breaks).toBeGreaterThan(10);
  const said = `${(line.photo_bytes / size_bytes).toFixed(3)} × its size, ${line.breaks} breaks`;
  test.info().annotations.push({ type: 'sent', description: said });
  expect(line.photo_bytes / size_bytes, said).toBeLessThanOrEqual(1.15);
});

test('two tabs hand one audit in once, and each photo once', async () => {
  await phone.setOffline(true);
  const photos = [await noise(page), await noise(page), await noise(page)];
  const { audit, card } = await finish(page, visit, photos);
  const other = await phone.newPage();
  await other.goto(`${line.url}/field/#/outbox`);
  await expect(other.getByTestId(`outbox-item-${audit}`)).toHaveAttribute('data-state', 'waiting');
  line.bytes_per_s = 1_000_000;
  await phone.setOffline(false);
  await arrived(card);
  await arrived(other.getByTestId(`outbox-item-${audit}`));
  expect(line.requests('PUT', `/audits/${audit}`)).toHaveLength(1);
  expect(line.photo_bytes).toBe(photos.reduce((sum, photo) => sum + photo.length, 0));
  const receipts = await Promise.all([card, other.getByTestId(`outbox-item-${audit}`)].map((one) => one.getByText(/^Receipt \d+/).innerText()));
  expect(receipts[0]).toBe(receipts[1]);
  await isThere(audit, photos);
});

test('a network that wants a sign-in first is named, and nothing it says is taken for an answer', async () => {
  const photos = [await noise(page)];
  const portals = [
    { status: 302, headers: { Location: '/login' } },
    { status: 200, headers: { 'Content-Type': 'text/html' }, body: '<h1>Welcome to the hotel</h1>' },
    { status: 200, headers: { 'Content-Type': 'application/json' }, body: '{"login":"required"}' },
  ];
  let portal = portals[0]!;
  line.instead = (_, path) => (path.startsWith('/api/') ? portal : undefined);
  const { audit, card } = await finish(page, visit, photos);
  for (portal of portals) {
    await page.getByTestId('sync-now').click();
    await expect(page.getByText('This network wants you to sign in first.')).toBeVisible();
    await expect(card.getByTestId('outbox-why')).toHaveText('Waits until you have signed in to this network.');
    await expect(card).toHaveAttribute('data-state', 'waiting');
  }
  expect(line.requests('PUT', '/audits')).toHaveLength(0);
  expect(await axe(page), 'the portal').toEqual([]);
  line.instead = () => undefined;
  await page.getByTestId('sync-now').click();
  await arrived(card);
  await isThere(audit, photos);
});

test('a session that ended keeps the outbox, and signing in again delivers it', async () => {
  const photos = [await noise(page)];
  await page.evaluate(() => fetch('/api/v1/sessions/current', { method: 'DELETE' }));
  const { audit, card } = await finish(page, visit, photos);
  await expect(card.getByTestId('outbox-why')).toHaveText('Waits until you sign in again.');
  await expect(card).toHaveAttribute('data-state', 'waiting');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByText('still on this phone')).toBeVisible();
  await fillSignIn(page);
  await arrived(card);
  await isThere(audit, photos);
});

test('a new version of the app waits while the old page hands in, and takes over only when asked', async () => {
  await phone.setOffline(true);
  const photos = [await noise(page)];
  const { audit, card } = await finish(page, visit, photos);
  await page.evaluate(() => ((window as unknown as { mark: string }).mark = 'the old page'));
  line.worker_more = '\n// later';
  await phone.setOffline(false);
  await page.evaluate(async () => {
    await (await navigator.serviceWorker.getRegistration())?.update();
  });
  await expect(page.getByText('A new version is ready')).toBeVisible();
  await arrived(card);
  expect(await page.evaluate(() => (window as unknown as { mark?: string }).mark)).toBe('the old page');
  const reloaded = page.waitForEvent('load');
  await page.getByRole('button', { name: 'Use it' }).click();
  await reloaded;
  await expect(card).toHaveAttribute('data-state', 'complete');
  await expect(page.getByText('A new version is ready')).toHaveCount(0);
  await isThere(audit, photos);
});

test('the browser wakes the worker, and what waits goes out with the app closed', async () => {
  const session = await phone.newCDPSession(page);
  const registered = new Promise<string>((done) => {
    session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const id = registrations.find(({ scopeURL }) => scopeURL.startsWith(line.url))?.registrationId;
      if (id) done(id);
    });
  });
  await session.send('ServiceWorker.enable');
  const registrationId = await registered;
  await phone.setOffline(true);
  const photos = [await noise(page)];
  const { audit } = await finish(page, visit, photos);
  const user = await page.evaluate(() => localStorage.getItem('plainclothes.user'));
  await page.goto('about:blank');
  await phone.setOffline(false);
  expect(line.requests('PUT', '/audits')).toHaveLength(0);
  const wake = (tag: string) =>
    session.send('ServiceWorker.dispatchSyncEvent', { origin: line.url, registrationId, tag, lastChance: false });
  // In somebody else's name nothing goes out.
  await wake('plainclothes-outbox 00000000-0000-7000-8000-000000000000');
  await wake(`plainclothes-outbox ${user}`);
  await expect.poll(() => line.requests('PATCH', '/photos').length, { timeout: 20_000 }).toBeGreaterThan(0);
  await page.goto(`${line.url}/field/#/outbox`);
  await arrived(page.getByTestId(`outbox-item-${audit}`));
  expect(line.requests('PUT', '/audits')).toHaveLength(1);
  expect(line.photo_bytes).toBe(photos[0]!.length);
  await isThere(audit, photos);
});
