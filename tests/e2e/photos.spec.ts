// Photos as evidence at the desk: the same one in two audits stands side by side, what a camera wrote is told, and what a
// reviewer covers nobody outside the agency sees.
import { createHash, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test, type Browser } from '@playwright/test';
import { axe } from './axe';
import { Desks, LARGE, SMALL } from './desk';
import { Keyboard } from './keyboard';
import { handOutSmall } from './phone/small_visits';
import { Caller, startServer, type Server } from './server';

const RECEIPT = readFileSync(resolve(__dirname, '../../docs/examples/receipt.jpg'));
/** The demo's own photos stand before ours in the table of jobs. */
const LOOKED_WITHIN_MS = 200_000;
const sha256 = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest('hex');

const desks = new Desks();
let server: Server;
let shopper: Caller;
let reviewer: Caller;
let visits: string[];
let checklist: string;

test.describe.configure({ mode: 'serial', timeout: 240_000 });
test.beforeAll(async () => {
  server = await startServer();
  visits = await handOutSmall(server, 4);
  [shopper, reviewer] = [await Caller.signIn(server, 'shopper'), await Caller.signIn(server, 'reviewer')];
  const admin = await Caller.signIn(server, 'admin');
  const rows = (await admin.json('/visits?limit=200')).items;
  checklist = rows.find((row: { id: string }) => row.id === visits[0]).checklist_sha256;
});
test.afterAll(async () => {
  await server?.stop();
});
test.afterEach(() => desks.close());

const desk = (browser: Browser, role: string, at: string, viewport = LARGE) =>
  desks.open(browser, server, role, at, viewport);

/** The receipt as a camera would have written it three days ago: TIFF with a model and, in a directory of its own, a time. */
function withCamera(jpeg: Buffer): Buffer {
  const taken = new Date(Date.now() - 3 * 86_400_000).toISOString().slice(0, 19);
  const model = Buffer.from('Testphone 3\0');
  const time = Buffer.from(`${taken.replaceAll('-', ':').replace('T', ' ')}\0`);
  const entry = (tag: number, type: number, count: number, value: number) => {
    const bytes = Buffer.alloc(12);
    bytes.writeUInt16LE(tag, 0);
    bytes.writeUInt16LE(type, 2);
    bytes.writeUInt32LE(count, 4);
    bytes.writeUInt32LE(value, 8);
    return bytes;
  };
  const [first, second, texts] = [8, 8 + 2 + 24 + 4, 8 + 2 + 24 + 4 + 2 + 12 + 4];
  const tiff = Buffer.concat([
    Buffer.from('II*\0\x08\0\0\0', 'latin1'),
    Buffer.from([2, 0]),
    entry(0x0110, 2, model.length, texts),
    entry(0x8769, 4, 1, second),
    Buffer.alloc(4),
    Buffer.from([1, 0]),
    entry(0x9003, 2, time.length, texts + model.length),
    Buffer.alloc(4),
    model,
    time,
  ]);
  expect(first).toBe(8);
  const content = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff]);
  const head = Buffer.from([0xff, 0xe1, 0, 0]);
  head.writeUInt16BE(content.length + 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), head, content, jpeg.subarray(2)]);
}

/** An audit of a visit with one photo, all of it handed in as a phone does; its id. */
async function handedIn(visit: string, photo: Buffer): Promise<string> {
  const audit = randomUUID();
  const now = new Date().toISOString();
  const name = sha256(photo);
  const document = {
    format: 1,
    audit,
    visit,
    checklist,
    started_at: now,
    finished_at: now,
    elapsed_ms: 60_000,
    language: 'en',
    answers: { open: { value: true }, shots: { photos: [name] } },
    photos: [{ sha256: name, size_bytes: photo.length, type: 'image/jpeg' }],
    score: {
      total_micros: 1_000_000,
      service_micros: 1_000_000,
      experience_micros: null,
      engine: 1,
    },
    app_version: 'test',
  };
  await shopper.bytes(`/audits/${audit}`, {
    method: 'PUT',
    body: JSON.stringify(document),
  });
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  await shopper.bytes('/photos', {
    method: 'POST',
    body: new Uint8Array(photo),
    headers: {
      'tus-resumable': '1.0.0',
      'content-type': 'application/offset+octet-stream',
      'upload-length': String(photo.length),
      'upload-metadata': `sha256 ${base64(name)},filetype ${base64('image/jpeg')}`,
    },
  });
  return audit;
}

/** Waits until the jobs have come to the photo of this audit. */
const looked = (audit: string) =>
  expect
    .poll(async () => (await reviewer.json(`/audits/${audit}`)).photos[0].rendition, {
      timeout: LOOKED_WITHIN_MS,
    })
    .toBe('ready');

/** Ids of all that is published, page by page. */
async function everyPublished(caller: Caller): Promise<string[]> {
  const ids: string[] = [];
  let after = '';
  do {
    const page = await caller.json(`/published-audits?limit=200${after}`);
    ids.push(...page.items.map((item: { id: string }) => item.id));
    after = page.next ? `&after=${encodeURIComponent(page.next)}` : '';
  } while (after);
  return ids;
}

test('the same photo in two audits stands side by side, and a reviewer decides with a note', async ({
  browser,
}, info) => {
  const earlier = await handedIn(visits[0]!, RECEIPT);
  const later = await handedIn(visits[1]!, RECEIPT);
  const pairOf = async () =>
    (await reviewer.json(`/audits/${later}`)).photo_pairs.find(
      (pair: { earlier: { audit: string } }) => pair.earlier.audit === earlier,
    );
  await expect.poll(pairOf, { timeout: LOOKED_WITHIN_MS }).toBeTruthy();
  const { id } = await pairOf();

  const page = await desk(browser, 'reviewer', '/review');
  await page.getByTestId('photo-pairs').click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Photo pairs');
  const pair = page.getByTestId(`pair-${id}`);
  await expect(pair).toContainText('the same photo stands in an audit of the same shopper', {
    ignoreCase: true,
  });
  for (const photo of await pair.locator('img').all()) {
    await expect.poll(() => photo.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(0);
  }
  expect(await axe(page)).toEqual([]);
  await page.screenshot({ path: info.outputPath('pairs-large.png') });

  // by the keyboard alone: without a note nothing happens but a word about it
  const keyboard = new Keyboard(page);
  await keyboard.activate(pair.getByTestId('pair-dismiss'));
  await expect(pair.getByRole('alert')).toContainText('Say why');
  await expect(pair.locator('textarea')).toBeFocused();
  await page.keyboard.type('Both visits were paid with one receipt.');
  await keyboard.activate(pair.getByTestId('pair-dismiss'));
  await expect(pair).toContainText('Both visits were paid with one receipt.');
  expect((await pairOf()).state).toBe('dismissed');
  await page.getByText('Dismissed', { exact: true }).first().click();
  await expect(page.getByTestId(`pair-${id}`)).toBeVisible();

  // a small screen
  await page.setViewportSize(SMALL);
  await expect(page.getByTestId(`pair-${id}`)).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
  expect(await axe(page)).toEqual([]);
  await page.screenshot({ path: info.outputPath('pairs-small.png') });
});

test('what is covered is gone for the client, and what the camera wrote stays with the agency', async ({
  browser,
}, info) => {
  const photo = withCamera(RECEIPT);
  const audit = await handedIn(visits[2]!, photo);
  await looked(audit);
  await expect
    .poll(async () => (await reviewer.json(`/audits/${audit}`)).photo_doubts.length, {
      timeout: LOOKED_WITHIN_MS,
    })
    .toBeGreaterThan(0);

  const page = await desk(browser, 'reviewer', `/review/${audit}`);
  await expect(page.getByTestId('doubt-photo_time')).toContainText('before the visit began');
  await expect(page.getByText('Testphone 3').first()).toBeVisible();
  expect(await axe(page)).toEqual([]);
  await page.screenshot({
    path: info.outputPath('audit-large.png'),
    fullPage: true,
  });

  await page.getByRole('button', { name: /^Open photo 1/ }).click();
  await page.getByTestId('photo-act').click();
  const canvas = page.getByTestId('redact-canvas');
  await expect
    .poll(() => canvas.locator('img').evaluate((img: HTMLImageElement) => img.naturalWidth))
    .toBeGreaterThan(0);
  const box = (await canvas.boundingBox())!;
  await page.mouse.move(box.x + box.width * 0.1, box.y + box.height * 0.1);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.5, box.y + box.height * 0.4, {
    steps: 4,
  });
  await page.mouse.up();
  const first = page.getByRole('group', { name: 'Part 1' });
  expect(Number(await first.getByLabel('Width %').inputValue())).toBeCloseTo(40, 0);
  expect(await axe(page)).toEqual([]);
  await page.screenshot({ path: info.outputPath('redact-large.png') });

  // the same with the keyboard
  const keyboard = new Keyboard(page);
  await keyboard.activate(page.getByRole('button', { name: 'Add a part' }));
  const second = page.getByRole('group', { name: 'Part 2' });
  await expect(second.getByLabel('Left %')).toBeFocused();
  for (const [side, percent] of [
    ['Left %', '60'],
    ['Top %', '70'],
    ['Width %', '90'],
    ['Height %', '10'],
  ] as const) {
    await keyboard.retype(second.getByLabel(side), percent);
  }
  await keyboard.to(page.getByTestId('redact-save'));
  // wider than the picture is: as wide as it can be
  await expect(second.getByLabel('Width %')).toHaveValue('40');
  await page.setViewportSize(SMALL);
  expect(await axe(page)).toEqual([]);
  await page.screenshot({ path: info.outputPath('redact-small.png') });
  await page.setViewportSize(LARGE);
  await page.getByTestId('redact-save').click();
  await expect(canvas).toHaveCount(0);
  const saved = (await reviewer.json(`/audits/${audit}`)).photos[0];
  expect(saved.redaction_version).toBe(1);
  expect(saved.redactions[1]).toEqual({
    left_micros: 600_000,
    top_micros: 700_000,
    width_micros: 400_000,
    height_micros: 100_000,
  });
  await desks.close();

  // Whose location it is, is the demo's affair: what is published is one thing, whoever of them looks.
  const before = await everyPublished(reviewer);
  await reviewer.post(`/audits/${audit}/approve`, {});
  const published = (await everyPublished(reviewer)).find((id) => !before.includes(id))!;
  expect(published).toBeTruthy();
  const seen = await reviewer.bytes(`/published-audits/${published}/photos/1/1280`);
  const evidence = await reviewer.bytes(`/audits/${audit}/photos/${sha256(photo)}/original`);
  expect(evidence.equals(photo)).toBe(true);
  expect(seen.includes('Testphone')).toBe(false);
  const shown = await desk(browser, 'reviewer', `/reports/${published}`);
  // the darkest that a covered part may be, and what it was before
  const light = await shown.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/jpeg' }));
    const pen = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
    pen.drawImage(bitmap, 0, 0);
    const at = (x: number, y: number) => pen.getImageData(bitmap.width * x, bitmap.height * y, 1, 1).data[0]!;
    return { first: at(0.3, 0.25), second: at(0.8, 0.75) };
  }, seen.toString('base64'));
  expect(light.first).toBeLessThan(60);
  expect(light.second).toBeLessThan(60);
});
