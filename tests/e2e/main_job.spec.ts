// The main job for real: online once, the network off, reload, fill the restaurant checklist with a photo, finish; the network on;
// the audit is on the server exactly once, its photo's bytes are those taken, a reviewer approves, the ranking moves, the PDF downloads.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { expect, test, type Page } from '@playwright/test';
import { drawPhoto, fillEverything } from './filling';
import { Caller, PASSWORD, startServer, type Server } from './server';

let server: Server;
test.beforeAll(async () => {
  server = await startServer();
});
test.afterAll(async () => {
  await server?.stop();
});

async function signIn(page: Page, app: string, role: string): Promise<void> {
  await page.goto(`${server.url}/${app}/`);
  await page.getByTestId('sign-in-email').fill(`${role}@demo.example`);
  await page.getByTestId('sign-in-password').fill(PASSWORD);
  await page.getByTestId('sign-in-submit').click();
}

const day = (offset_days: number) => new Date(Date.now() + offset_days * 86_400_000).toISOString().slice(0, 10);

test('a visit is shopped offline and becomes a report', async ({ browser }) => {
  const reviewer = await Caller.signIn(server, 'reviewer');
  const client = await Caller.signIn(server, 'client');
  const shopper = await Caller.signIn(server, 'shopper');
  const changes = (await shopper.json('/sync/changes')).changes;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  const values: any[] = changes.filter((c: any) => c.kind === 'visit').map((c: any) => c.value);
  const visit = values.find((v) => v.state === 'assigned' && v.checklist.slug === 'restaurant-dine-in');
  expect(visit, 'the demo has a restaurant visit that is due').toBeTruthy();
  const brand = (await client.json('/clients')).items[0].id;
  const ranking = `/rankings?client=${brand}&checklist=restaurant-dine-in&from=${day(-30)}&to=${day(1)}`;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  const row = async () => (await client.json(ranking)).rows.find((r: any) => r.location === visit.location.id);
  const before = await row();

  const phone = await browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true, locale: 'en-GB' });
  const page = await phone.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await signIn(page, 'field', 'shopper');
  const card = page.getByTestId(`visit-${visit.id}`);
  await expect(card.getByTestId('ready')).toBeVisible();
  // The service worker has everything that a start without a network needs.
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
  const photo = await drawPhoto(page);

  await phone.setOffline(true);
  await page.reload();
  await card.click();
  await page.getByTestId('visit-start').click();
  const types = await fillEverything(page, photo);
  for (const type of ['yes_no', 'choice', 'scale', 'number', 'duration', 'money', 'text', 'photo', 'emotion', 'recommend']) {
    expect(types, `the restaurant checklist asks ${type}`).toContain(type);
  }
  await page.getByTestId('finish').click();
  await page.goto(`${server.url}/field/#/outbox`);
  const item = page.locator('[data-testid^="outbox-item-"]');
  await expect(item).toHaveCount(1);
  await expect(item).not.toHaveAttribute('data-state', 'complete');
  const audit = (await item.getAttribute('data-testid'))!.replace('outbox-item-', '');
  expect((await reviewer.json(`/audits?location=${visit.location.id}&state=submitted`)).items.map((i: { id: string }) => i.id)).not.toContain(audit);

  await phone.setOffline(false);
  await expect(item).toHaveAttribute('data-state', 'complete', { timeout: 60_000 });
  const queue = await reviewer.json(`/audits?location=${visit.location.id}&limit=200`);
  expect(queue.items.filter((i: { id: string }) => i.id === audit)).toHaveLength(1);
  const detail = await reviewer.json(`/audits/${audit}`);
  expect(detail.flags).not.toContain('score_mismatch');
  expect(detail.complete).toBe(true);
  const taken = detail.photos[0].sha256;
  const kept = await reviewer.bytes(`/audits/${audit}/photos/${taken}/original`);
  expect(createHash('sha256').update(kept).digest('hex')).toBe(taken);
  expect(kept.includes('Exif')).toBe(false);
  expect(errors).toEqual([]);
  await phone.close();

  const desk = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB', acceptDownloads: true });
  const review = await desk.newPage();
  await signIn(review, 'desk', 'reviewer');
  await review.getByTestId('nav-review').click();
  await review.getByTestId(`review-row-${audit}`).click();
  await expect(review.locator('img').first()).toBeVisible();
  await review.getByTestId('approve').click();
  await expect.poll(async () => (await reviewer.json(`/audits/${audit}`)).state).toBe('approved');
  const after = await row();
  expect(after.n).toBe((before?.n ?? 0) + 1);
  await desk.close();

  const office = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB', acceptDownloads: true });
  const reports = await office.newPage();
  await signIn(reports, 'desk', 'client');
  const published = (await client.json(`/published-audits?location=${visit.location.id}&from=${day(-1)}`)).items;
  const mine = published.find((p: { total_micros: number }) => p.total_micros === detail.total_micros);
  await reports.getByTestId('nav-ranking').click();
  await expect(reports.getByTestId(`ranking-row-${visit.location.id}`)).toBeVisible();
  await reports.getByTestId('nav-reports').click();
  await reports.getByTestId(`published-row-${mine.id}`).click();
  const download = reports.waitForEvent('download');
  await reports.getByTestId('download-pdf').click();
  const text = execFileSync('pdftotext', ['-layout', await (await download).path(), '-']).toString();
  expect(text).toContain(visit.location.name);
  expect(text).toContain(`${(detail.total_micros / 10_000).toFixed(1)}%`);
  expect(text).not.toContain(detail.shopper_name);
  await office.close();
});
