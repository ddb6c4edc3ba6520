// What a phone does when its space runs out, and with a draft whose questions have a newer version: nothing is lost, and the
// shopper is told in plain words.
import { createHash } from 'node:crypto';
import { expect, test, type BrowserContext, type CDPSession, type Page } from '@playwright/test';
import { axe } from './axe';
import { Keyboard } from './keyboard';
import { arrived, finish, finishNow, handOutSmall, newPhone, noise, signIn, takePhoto, toPhotos } from './phone/small_visits';
import { Caller, startServer, type Server } from './server';

let server: Server;
let visits: string[];
let phone: BrowserContext;
let page: Page;
let visit: string;

test.describe.configure({ timeout: 60_000 });
test.beforeAll(async () => {
  server = await startServer();
  visits = await handOutSmall(server, 5);
});
test.afterAll(async () => {
  await server?.stop();
});
test.beforeEach(async ({ browser }) => {
  visit = visits.pop()!;
  phone = await newPhone(browser);
  page = await phone.newPage();
});
test.afterEach(async () => {
  await phone?.close();
});

/**
 * So little room has the app on this phone for as long as the session lasts. To be set before the app keeps anything: a browser
 * remembers for a while how much room there was.
 */
async function quota(quotaSize: number): Promise<CDPSession> {
  const session = await phone.newCDPSession(page);
  await session.send('Storage.overrideQuotaForOrigin', { origin: server.url, quotaSize });
  return session;
}

/** How many records there are in a store of the phone's. */
const count = (of: Page, store: string) =>
  of.evaluate(async (store) => {
    const asked = indexedDB.open(`plainclothes-field-${localStorage.getItem('plainclothes.user')}`);
    const db = await new Promise<IDBDatabase>((done) => (asked.onsuccess = () => done(asked.result)));
    const counted = db.transaction(store).objectStore(store).count();
    const n = await new Promise<number>((done) => (counted.onsuccess = () => done(counted.result)));
    db.close();
    return n;
  }, store);

const shots = (of: Page) => of.locator('[data-testid="question-shots"] li img');

/** Takes photos until there is no room for another; the ones that are kept, and the one that is not. */
async function fillUp(): Promise<{ kept: Buffer[]; refused: Buffer }> {
  const kept: Buffer[] = [];
  const said = page.getByText('There is no room left on this phone for the photo.');
  for (;;) {
    const photo = await noise(page, 1500);
    await takePhoto(page, photo);
    await expect.poll(async () => (await said.count()) + (await shots(page).count())).toBe(kept.length + 1);
    if (await said.isVisible()) return { kept, refused: photo };
    kept.push(photo);
  }
}

test('a phone without room says so, keeps what it has, and goes on when there is room again', async () => {
  const little = await quota(4_000_000);
  await signIn(page, server.url, visit);
  await toPhotos(page, visit);
  const { kept, refused } = await fillUp();
  expect(kept.length).toBeGreaterThan(0);
  expect(await axe(page), 'no room').toEqual([]);
  await page.evaluate(() => (location.hash = '#/outbox'));
  await expect(page.getByTestId('little-left')).toContainText('no room left');
  expect(await axe(page), 'little left').toEqual([]);
  // It is all still there after a reload, and complete with room.
  await page.reload();
  await little.detach();
  await page.evaluate((visit) => (location.hash = `#/visit/${visit}`), visit);
  await page.getByTestId('visit-start').click();
  await expect(shots(page)).toHaveCount(kept.length);
  await takePhoto(page, refused);
  await expect(shots(page)).toHaveCount(kept.length + 1);
  const { audit, card } = await finishNow(page);
  await arrived(card);
  const detail = await (await Caller.signIn(server, 'reviewer')).json(`/audits/${audit}`);
  const names = [...kept, refused].map((photo) => createHash('sha256').update(photo).digest('hex'));
  expect(detail.photos.map((photo: { sha256: string }) => photo.sha256).sort()).toEqual(names.sort());
});

test('room for a photo is made from what the agency has, and from nothing else', async () => {
  await quota(6_000_000);
  await signIn(page, server.url, visit);
  const photos = [await noise(page, 1500), await noise(page, 1500)];
  const safe = await finish(page, visit, photos);
  await arrived(safe.card);
  await phone.setOffline(true);
  const open = await finish(page, visits.pop()!, [await noise(page)]);
  await toPhotos(page, visits.pop()!);
  const { kept } = await fillUp();
  expect(await count(page, 'outbox')).toBe(1);
  expect(await count(page, 'photos')).toBe(kept.length + 1);
  await page.evaluate(() => (location.hash = '#/outbox'));
  await expect(open.card).toHaveAttribute('data-state', 'waiting');
  await expect(safe.card).toHaveCount(0);
});

/** The visit names another version from now on, which is on the phone: as it will be when the agency has moved it. */
async function newerVersion(of: Page, visit: string): Promise<void> {
  await of.evaluate(async (visit) => {
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((done, fail) => {
        request.onsuccess = () => done(request.result);
        request.onerror = () => fail(request.error as Error);
      });
    const db = await done(indexedDB.open(`plainclothes-field-${localStorage.getItem('plainclothes.user')}`));
    const stores = db.transaction(['visits', 'checklists'], 'readwrite');
    const record = await done(stores.objectStore('visits').get(visit));
    const before = await done(stores.objectStore('checklists').get(record.value.checklist.sha256));
    const later = JSON.parse(before.text);
    later.version = 2;
    const [open, shots] = later.sections[0].questions;
    shots.photo = { min: 1, max: 1 };
    later.sections[0].questions = [open, shots, { ...open, id: 'clean', text: { en: 'Was it clean?' } }];
    record.value.checklist = { ...record.value.checklist, sha256: 'later', version: 2 };
    await done(stores.objectStore('checklists').put({ sha256: 'later', text: JSON.stringify(later) }));
    await done(stores.objectStore('visits').put(record));
    db.close();
  }, visit);
}

test('a draft moves to a newer version only after a preview that names what does not fit', async () => {
  await signIn(page, server.url, visit);
  await toPhotos(page, visit);
  for (const at of [1, 2]) {
    await takePhoto(page, await noise(page));
    await expect(shots(page)).toHaveCount(at);
  }
  await phone.setOffline(true);
  await newerVersion(page, visit);
  await page.reload();
  await page.evaluate((visit) => (location.hash = `#/visit/${visit}`), visit);
  await expect(page.getByTestId('newer-version')).toBeVisible();
  expect(await axe(page), 'a newer version').toEqual([]);
  const keys = new Keyboard(page);
  await keys.activate(page.getByTestId('move-preview'));
  const preview = page.getByRole('dialog');
  await expect(preview).toContainText('1 answer goes along.');
  await expect(preview).toContainText('1 question is new.');
  await expect(preview.getByTestId('move-left').locator('li')).toHaveText([/Photograph what you see\s+Takes fewer photos/]);
  expect(await axe(page), 'the preview').toEqual([]);
  // To look is not to move.
  await preview.getByRole('button', { name: 'Stay with mine' }).click();
  await expect(page.getByTestId('newer-version')).toBeVisible();
  expect(await count(page, 'photos')).toBe(2);
  await page.getByTestId('move-preview').click();
  await page.getByTestId('move-sure').click();
  await expect(page.getByText('Moved to the newer version.')).toBeFocused();
  await expect(page.getByTestId('newer-version')).toHaveCount(0);
  expect(await count(page, 'photos')).toBe(1);
  await page.getByTestId('visit-start').click();
  await expect(page.getByTestId('progress')).toHaveText('2 of 3');
});
