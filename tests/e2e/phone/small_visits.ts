// Short visits for tests of what comes after them: handed out, filled in and finished in a few taps.
import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { expect, type Browser, type BrowserContext, type Locator, type Page } from '@playwright/test';
import { copyCampaign } from '../hand_out';
import { Caller, PASSWORD, run, type Server } from '../server';

const FILE = resolve(__dirname, 'yes-and-photos.yaml');
const day = (offset_days: number) => new Date(Date.now() + offset_days * 86_400_000).toISOString().slice(0, 10);

/** Gives the shopper so many visits; their ids. */
export async function handOutSmall(server: Server, count: number): Promise<string[]> {
  const sha256 = /[0-9a-f]{64}/.exec(run(server, 'checklist', 'publish', FILE))?.[0];
  expect(sha256).toBeTruthy();
  const admin = await Caller.signIn(server, 'admin');
  const shopper = (await (await Caller.signIn(server, 'shopper')).json('/sessions/current')).user;
  const of = (await admin.json('/campaigns')).items[0];
  const campaign = copyCampaign(server, of.id, 'yes-and-photos', sha256!);
  const location = (await admin.json(`/locations?client=${of.client}`)).items[0].id;
  const window = { local_opens: `${day(-1)}T00:00`, local_closes: `${day(1)}T23:59` };
  const visits: string[] = [];
  for (let at = 0; at < count; at++)
    visits.push((await admin.post('/visits', { campaign, location, shopper, ...window })).id);
  return visits;
}

export async function newPhone(browser: Browser): Promise<BrowserContext> {
  return browser.newContext({ viewport: { width: 390, height: 844 }, locale: 'en-GB', acceptDownloads: true });
}

/** Signs in, and waits until everything for the visit is on the phone, the app itself included. */
export async function signIn(page: Page, url: string, visit: string): Promise<void> {
  await page.goto(`${url}/field/`);
  await fillSignIn(page);
  await expect(page.getByTestId(`visit-${visit}`).getByTestId('ready')).toBeVisible();
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
}

export async function fillSignIn(page: Page): Promise<void> {
  await page.getByTestId('sign-in-email').fill('shopper@demo.example');
  await page.getByTestId('sign-in-password').fill(PASSWORD);
  await page.getByTestId('sign-in-submit').click();
}

/** A photo that no other test has, and that the phone keeps as it is: a JPEG of noise. */
export async function noise(page: Page, width = 640): Promise<Buffer> {
  const seed = randomBytes(4).readUInt32LE();
  const base64 = await page.evaluate(
    async ([seed, width]) => {
      const canvas = new OffscreenCanvas(width!, width!);
      const pen = canvas.getContext('2d')!;
      const image = pen.createImageData(width!, width!);
      let chance = seed!;
      for (let at = 0; at < image.data.length; at++) {
        chance = (Math.imul(chance, 1_664_525) + 1_013_904_223) >>> 0;
        image.data[at] = at % 4 === 3 ? 255 : chance >>> 24;
      }
      pen.putImageData(image, 0, 0);
      const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.6 });
      const bytes = new Uint8Array(await blob.arrayBuffer());
      let text = '';
      for (const byte of bytes) text += String.fromCharCode(byte);
      return btoa(text);
    },
    [seed, width] as const,
  );
  return Buffer.from(base64, 'base64');
}

export async function takePhoto(page: Page, buffer: Buffer): Promise<void> {
  await page.locator('input[type=file]').setInputFiles({ name: 'shot.jpg', mimeType: 'image/jpeg', buffer });
}

/** Begins the visit and comes as far as its photos. */
export async function toPhotos(page: Page, visit: string): Promise<void> {
  await page.evaluate((visit) => (location.hash = `#/visit/${visit}`), visit);
  await page.getByTestId('visit-start').click();
  await page.getByTestId('question-open').locator('label', { hasText: 'Yes' }).first().click();
  await page.getByTestId('next').click();
  await expect(page.getByTestId('question-shots')).toBeVisible();
}

/** Fills in and finishes the visit; the outbox is shown. Answers with the audit's card. */
export async function finish(page: Page, visit: string, photos: readonly Buffer[]): Promise<{ audit: string; card: Locator }> {
  await toPhotos(page, visit);
  for (const [at, photo] of photos.entries()) {
    await takePhoto(page, photo);
    await expect(page.locator('[data-testid="question-shots"] li img')).toHaveCount(at + 1);
  }
  return finishNow(page);
}

export async function finishNow(page: Page): Promise<{ audit: string; card: Locator }> {
  await page.getByTestId('next').click();
  const audit = /review\/([^/]+)/.exec(page.url())![1]!;
  await page.getByTestId('finish').click();
  const card = page.getByTestId(`outbox-item-${audit}`);
  await expect(card).toBeVisible();
  return { audit, card };
}

export async function arrived(card: Locator): Promise<void> {
  await expect(card).toHaveAttribute('data-state', 'complete', { timeout: 30_000 });
}
