// Work that could not be placed, at the desk: its visit was withdrawn while the phone had no line, its checklist refuses its answers,
// the agency has no such visit. A reviewer sees why and settles it; a phone that cannot send is brought as a file.
import { createHash, randomUUID } from 'node:crypto';
import { expect, test, type Browser } from '@playwright/test';
import { axe } from './axe';
import { Desks, LARGE, SMALL } from './desk';
import { Keyboard } from './keyboard';
import { finish, handOutSmall, newPhone, noise, signIn as signInPhone } from './phone/small_visits';
import { Caller, startServer, type Server } from './server';

const sha256 = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest('hex');

const desks = new Desks();
let server: Server;
let admin: Caller;
let shopper: Caller;
let visits: string[];
let checklist: string;

test.describe.configure({ timeout: 90_000 });
test.beforeAll(async () => {
  server = await startServer();
  visits = await handOutSmall(server, 8);
  [admin, shopper] = [await Caller.signIn(server, 'admin'), await Caller.signIn(server, 'shopper')];
  const rows = (await admin.json('/visits?limit=200')).items;
  checklist = rows.find((row: { id: string }) => row.id === visits[0]).checklist_sha256;
});
test.afterAll(async () => {
  await server?.stop();
});
test.afterEach(() => desks.close());

const desk = (browser: Browser, role: string, at: string, viewport = LARGE) =>
  desks.open(browser, server, role, at, viewport);

interface Made {
  audit: string;
  sha256: string;
  text: string;
}
/** A document as a phone would have made it; with a photo that is still on the phone. */
function made(visit: string, open: Record<string, unknown> = { open: { value: true } }): Made {
  const audit = randomUUID();
  const now = new Date().toISOString();
  const photo = sha256(audit);
  const document = {
    format: 1,
    audit,
    visit,
    checklist,
    started_at: now,
    finished_at: now,
    elapsed_ms: 60_000,
    language: 'en',
    answers: { ...open, shots: { photos: [photo] } },
    photos: [{ sha256: photo, size_bytes: 40_000, type: 'image/jpeg' }],
    score: { total_micros: 1_000_000, service_micros: 1_000_000, experience_micros: null, engine: 1 },
    app_version: 'test',
  };
  const text = JSON.stringify(document);
  return { audit, sha256: sha256(text), text };
}
/** Hands it in; the number of its entry in the quarantine. */
async function handIn({ audit, text }: Made): Promise<number> {
  const said = await shopper.bytes(`/audits/${audit}`, { method: 'PUT', body: text });
  const { receipt } = JSON.parse(said.toString());
  expect(receipt.state).toBe('quarantined');
  return receipt.number;
}
const withdraw = (visit: string) => admin.post(`/visits/${visit}/withdraw`, { reason: 'the client asked' });
/** What the phone is told of it when it asks next. */
async function told({ audit, sha256 }: Made) {
  const outbox = { audits: 0, photos: 0, photo_bytes: 0 };
  const said = await shopper.post('/sync/offer', { items: [{ audit, sha256, photos: [] }], outbox });
  return said.items[0].settled;
}

test('an audit whose visit was withdrawn while the phone had no line is saved to a file, brought, and placed', async ({
  browser,
}, info) => {
  const visit = visits.pop()!;
  const phone = await newPhone(browser);
  const field = await phone.newPage();
  await signInPhone(field, server.url, visit);
  await phone.setOffline(true);
  const photo = await noise(field);
  const { audit } = await finish(field, visit, [photo]);
  await withdraw(visit);
  await field.evaluate(() => (location.hash = '#/settings'));
  const download = field.waitForEvent('download');
  await field.getByTestId('save-all').click();
  const file = info.outputPath('outbox.ndjson');
  await (await download).saveAs(file);
  await phone.close();

  // The file is taken in on a small screen, by somebody who first takes the wrong one.
  const page = await desk(browser, 'admin', '/people', SMALL);
  await page.getByRole('link', { name: 'Take in its exported file' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Take in an outbox file');
  const chosen = page.getByTestId('outbox-file');
  await chosen.setInputFiles({ name: 'photo.jpg', mimeType: 'image/jpeg', buffer: photo });
  await expect(page.getByText('This is not an exported outbox')).toBeVisible();
  await expect(page.getByTestId('import-outbox')).toBeDisabled();
  await chosen.setInputFiles(file);
  await expect(page.getByText(/^Outbox of \S+/)).toBeVisible();
  expect(await axe(page), 'a file is chosen').toEqual([]);

  // A line that breaks costs nothing but another press.
  await page.route('**/outbox-imports', (route) => route.abort('connectionreset'));
  await page.getByTestId('import-outbox').click();
  await expect(page.getByText('The server could not be reached.')).toBeVisible();
  await expect(page.getByText('The file is still chosen')).toBeVisible();
  await page.unroute('**/outbox-imports');
  await page.getByTestId('import-outbox').click();
  const answer = page.getByTestId('imported');
  await expect(answer).toHaveAttribute('data-whole', 'true');
  await expect(page.getByTestId('imported-audits')).toContainText('In quarantine');
  await expect(page.getByTestId('imported-audits')).toContainText('The visit was no longer this shopper’s');
  await expect(page.getByTestId('imported-photos')).toContainText('1 × stored');
  expect(await axe(page), 'what became of the file').toEqual([]);
  await page.screenshot({ path: info.outputPath('imported-390.png'), fullPage: true });

  // The same file again is nothing new.
  await page.getByRole('button', { name: 'Take in another file' }).click();
  await chosen.setInputFiles(file);
  // On a slow line it is said how far it is, and it can be stopped.
  const network = await page.context().newCDPSession(page);
  const slow = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 40_000 };
  await network.send('Network.emulateNetworkConditions', slow);
  await page.getByTestId('import-outbox').click();
  await expect(page.getByText(/^Sending: \d/)).toBeVisible();
  expect(await axe(page), 'a file is being sent').toEqual([]);
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(page.getByText('Stopped.')).toBeVisible();
  await network.send('Network.emulateNetworkConditions', { ...slow, uploadThroughput: -1 });
  await page.getByTestId('import-outbox').click();
  await expect(page.getByTestId('imported-audits')).toContainText('1 × was here already');
  await page.goto(`${server.url}/desk/#/quarantine`);
  await page.locator('tbody a.row').first().click();
  const thumb = page.getByTestId('quarantine-photos').locator('img');
  await thumb.scrollIntoViewIfNeeded();
  await expect.poll(() => thumb.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(320);
  expect(await axe(page), 'an entry on a small screen').toEqual([]);
  await page.screenshot({ path: info.outputPath('entry-390.png'), fullPage: true });
  await page.getByTestId('place').click();
  await expect(page.getByRole('dialog')).toContainText('That visit was withdrawn. It comes back');
  expect(await axe(page), 'the dialog on a small screen').toEqual([]);
  await page.screenshot({ path: info.outputPath('place-390.png') });
  await page.getByTestId('settle-confirm').click();
  await page.getByTestId('settled-audit').click();
  await expect(page.getByText('Placed by hand').first()).toBeVisible();
  const detail = await admin.json(`/audits/${audit}`);
  expect([detail.complete, detail.photos[0].sha256]).toEqual([true, sha256(photo)]);
});

test('a reviewer places work by keyboard alone, and loses nothing when the line breaks', async ({
  browser,
}, info) => {
  const visit = visits.pop()!;
  await withdraw(visit);
  const page = await desk(browser, 'reviewer', '/quarantine');
  const work = made(visit);
  const number = await handIn(work);
  await page.reload();
  const keys = new Keyboard(page);
  const row = page.getByTestId(`quarantine-row-${number}`);
  await expect(row).toContainText('The visit was no longer this shopper’s');
  await expect(row).toContainText('1 photo, not here yet');
  expect(await axe(page), 'the list').toEqual([]);
  await page.screenshot({ path: info.outputPath('list-1440.png') });
  await keys.activate(row.locator('a.row'));
  await expect(page.getByTestId('settle').locator('[data-placeable]')).toHaveAttribute(
    'data-placeable',
    'own',
  );
  await expect(page.getByTestId('quarantine-visit')).toContainText('Withdrawn');
  await expect(page.getByTestId('quarantine-photos')).toContainText('1 photo, not here yet');
  await expect(page.getByTestId('document')).toContainText('Was it open?');
  expect(await axe(page), 'an entry').toEqual([]);
  await page.screenshot({ path: info.outputPath('entry-1440.png') });

  // The document can be read as it came, to the byte.
  await keys.to(page.getByRole('radio', { name: 'Readable' }));
  await keys.press('ArrowRight');
  await expect(page.getByTestId('document').locator('pre')).toHaveText(work.text);
  await keys.press('ArrowLeft');

  await keys.activate(page.getByTestId('place'));
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('goes into the review queue');
  await keys.to(dialog.locator('textarea'));
  await page.keyboard.type('The visit was withdrawn too late. Your work counts.');
  expect(await axe(page), 'the dialog').toEqual([]);
  await page.screenshot({ path: info.outputPath('place-1440.png') });
  await page.route('**/place', (route) => route.abort('connectionreset'));
  await keys.activate(page.getByTestId('settle-confirm'));
  await expect(dialog).toContainText('The server could not be reached.');
  await keys.press('Escape');
  await expect(page.getByTestId('place'), 'the focus is back').toBeFocused();
  await page.reload();
  await page.unroute('**/place');
  await keys.activate(page.getByTestId('place'));
  await expect(dialog.locator('textarea')).toHaveValue('The visit was withdrawn too late. Your work counts.');
  await keys.activate(page.getByTestId('settle-confirm'));
  const settled = page.getByTestId('settled');
  await expect(settled).toContainText('Placed');
  await expect(settled.getByRole('heading')).toBeFocused();
  await expect(settled).toContainText('Your work counts.');
  expect(await axe(page), 'settled').toEqual([]);
  await page.screenshot({ path: info.outputPath('settled-1440.png') });
  await page.getByRole('button', { name: 'NL, Nederlands' }).click();
  await expect(settled).toContainText('Geplaatst');
  await page.screenshot({ path: info.outputPath('settled-nl-1440.png') });
  await page.getByRole('button', { name: 'EN, English' }).click();
  expect(await told(work)).toMatchObject({
    outcome: 'placed',
    note: expect.stringContaining('Your work counts.'),
  });

  await keys.activate(page.getByTestId('settled-audit'));
  await expect(page.getByText('Placed by hand').first()).toBeVisible();
  await page.goto(`${server.url}/desk/#/quarantine?state=settled`);
  await expect(row).toContainText('Placed');
  expect(await axe(page), 'the list of what was settled').toEqual([]);
});

test('answers that the checklist refuses are shown at their lines; the work is accepted, or rejected with a reason', async ({
  browser,
}, info) => {
  const answers = { open: { value: 'perhaps' }, unheard_of: { value: 1 } };
  const [good, bad] = [made(visits.pop()!, answers), made(visits.pop()!, answers)];
  const [accepted, rejected] = [await handIn(good), await handIn(bad)];
  const page = await desk(browser, 'reviewer', `/quarantine/${accepted}`);
  await expect(page.getByTestId('settle').locator('[data-placeable]')).toHaveAttribute(
    'data-placeable',
    'no',
  );
  await expect(page.getByTestId('place')).toHaveCount(0);
  const list = page.getByTestId('quarantine-errors');
  await expect(list).toContainText('Was it open?');
  await expect(list).toContainText('/answers/open/value');
  const line = page.getByTestId('document').locator('li.wrong', { hasText: '"value": "perhaps"' });
  await expect(line.locator('.fault')).toBeVisible();
  await list.locator('tr', { hasText: '/answers/open/value' }).getByRole('button').click();
  await expect(line).toBeFocused();
  expect(await axe(page), 'an entry that is refused').toEqual([]);
  await page.screenshot({ path: info.outputPath('refused-1440.png') });

  await page.getByTestId('accept').click();
  await expect(page.getByRole('dialog')).toContainText('to be paid');
  await page.getByRole('dialog').locator('textarea').fill('The form was at fault, not you.');
  await page.getByTestId('settle-confirm').click();
  await expect(page.getByTestId('settled')).toContainText('Accepted as work done');
  expect(await told(good)).toMatchObject({ outcome: 'accepted', note: 'The form was at fault, not you.' });

  await page.setViewportSize(SMALL);
  await page.goto(`${server.url}/desk/#/quarantine/${rejected}`);
  await expect(list).toBeVisible();
  expect(await axe(page), 'refused, on a small screen').toEqual([]);
  await page.screenshot({ path: info.outputPath('refused-390.png'), fullPage: true });
  await page.getByTestId('reject-work').click();
  await page.getByTestId('settle-confirm').click();
  await expect(page.getByRole('dialog')).toContainText('Say why; the shopper is told.');
  await expect(page.getByRole('dialog').locator('textarea')).toBeFocused();
  await page.keyboard.type('Nobody was there that day.');
  expect(await axe(page), 'the dialog of rejecting').toEqual([]);

  // A colleague is faster: the page shows what they did, and keeps what was written.
  const colleague = await Caller.signIn(server, 'admin');
  await colleague.post(`/quarantine/${rejected}/reject`, { reason: 'The photos are of another place.' });
  await page.getByTestId('settle-confirm').click();
  const settled = page.getByTestId('settled');
  await expect(settled).toContainText('Rejected');
  await expect(settled).toContainText('The photos are of another place.');
  await expect(settled).toContainText('Nobody was there that day.');
  await expect(page.getByText('This was already decided or changed by someone else.')).toBeVisible();
  expect(await axe(page), 'overtaken').toEqual([]);
});

test('work for a visit that the agency does not have is placed as an audit of another one', async ({
  browser,
}, info) => {
  const visit = visits.pop()!;
  const work = made(randomUUID());
  const number = await handIn(work);
  const page = await desk(browser, 'admin', `/quarantine/${number}`);
  await expect(page.getByTestId('quarantine-visit')).toContainText('The agency has no such visit.');
  await expect(page.getByTestId('settle').locator('[data-placeable]')).toHaveAttribute(
    'data-placeable',
    'other',
  );
  await page.getByTestId('place').click();
  const dialog = page.getByRole('dialog');
  const choice = dialog.locator('#other-visit');
  await expect(choice.locator('option').nth(1)).toBeAttached();
  await page.getByTestId('settle-confirm').click();
  await expect(dialog).toContainText('Choose the visit that this work belongs to.');
  await expect(choice).toBeFocused();
  await choice.selectOption(visit);
  expect(await axe(page), 'the choice of a visit').toEqual([]);
  await page.screenshot({ path: info.outputPath('choose-1440.png') });
  await page.getByTestId('settle-confirm').click();
  await expect(page.getByTestId('settled')).toContainText('Placed');
  expect((await admin.json(`/audits/${work.audit}`)).flags).toContain('placed_by_hand');
});

test('a reviewer who is no admin can choose another visit, too', async ({ browser }) => {
  const number = await handIn(made(randomUUID()));
  const page = await desk(browser, 'reviewer', `/quarantine/${number}`);
  await page.getByTestId('place').click();
  await expect(page.getByRole('dialog').getByRole('option')).not.toHaveCount(1);
});

test('the phone that holds the oldest work is on top, with how much and how old in words', async ({
  browser,
}, info) => {
  const oldest = new Date(Date.now() - 3 * 86_400_000).toISOString();
  await shopper.post('/sync/offer', {
    items: [],
    outbox: { audits: 2, photos: 5, photo_bytes: 12_400_000, oldest },
  });
  const page = await desk(browser, 'admin', '/people');
  const first = page.locator('tbody tr').first();
  await expect(first).toContainText('2 audits and 5 photos (12.4 MB) still on the phone');
  await expect(first).toContainText('3 days ago');
  await expect(page.getByText('The oldest of it was made 3 days ago.')).toBeVisible();
  await page.getByRole('radio', { name: 'By name' }).check({ force: true });
  await expect(page).toHaveURL(/order=name/);
  await page.getByRole('radio', { name: 'Most data first' }).check({ force: true });
  await expect(first).toContainText('12.4 MB');
  expect(await axe(page), 'people').toEqual([]);
  await page.screenshot({ path: info.outputPath('people-1440.png') });
  await page.setViewportSize(SMALL);
  expect(await axe(page), 'people on a small screen').toEqual([]);
  await page.screenshot({ path: info.outputPath('people-390.png'), fullPage: true });
});
