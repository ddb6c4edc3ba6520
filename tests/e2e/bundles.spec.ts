// Many PDFs as one file, at the desk: a client asks for them by the keyboard, sees how far the file is, fetches it and finds in
// it what each audit's own page gives; a manager sees their part, and nobody another's file.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test, type Browser } from '@playwright/test';
import { axe } from './axe';
import { Desks, LARGE, SMALL } from './desk';
import { Keyboard } from './keyboard';
import { Caller, startServer, type Server } from './server';

const desks = new Desks();
let server: Server;
let client: Caller;

test.describe.configure({ timeout: 120_000 });
test.beforeAll(async () => {
  server = await startServer();
  client = await Caller.signIn(server, 'client');
});
test.afterAll(async () => {
  await server?.stop();
});
test.afterEach(() => desks.close());

const desk = (browser: Browser, role: string, at: string, viewport = LARGE) =>
  desks.open(browser, server, role, at, viewport);

/** The files in a ZIP, read from its beginning: their lengths stand at their heads, and they are stored as they are. */
function unzipped(zip: Buffer): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  let at = 0;
  while (zip.readUInt32LE(at) === 0x04034b50) {
    expect([zip.readUInt16LE(at + 6) & 8, zip.readUInt16LE(at + 8)]).toEqual([0, 0]);
    const [length, name_length, extra] = [
      zip.readUInt32LE(at + 18),
      zip.readUInt16LE(at + 26),
      zip.readUInt16LE(at + 28),
    ];
    const name = zip.toString('utf8', at + 30, at + 30 + name_length);
    const start = at + 30 + name_length + extra;
    files.set(name, zip.subarray(start, start + length));
    at = start + length;
  }
  return files;
}

interface Published {
  id: string;
  local_day: string;
  location_name: string;
}

/** The last days on which there are a few audits. */
async function someDays(): Promise<{
  from: string;
  to: string;
  audits: Published[];
}> {
  const items: Published[] = (await client.json('/published-audits?limit=200')).items;
  const to = items[0]!.local_day;
  const from = items[Math.min(9, items.length - 1)]!.local_day;
  const { items: audits } = await client.json(`/published-audits?from=${from}&to=${to}&limit=200`);
  return { from, to, audits };
}

test('a client asks for all PDFs of some days by the keyboard, waits, and gets one file', async ({
  browser,
}, info) => {
  const { from, to, audits } = await someDays();
  const query = `period=custom&from=${from}&to=${to}`;
  const page = await desk(browser, 'client', `/reports?${query}`);
  const keys = new Keyboard(page);
  await keys.activate(page.getByTestId('download-all'));
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('All PDFs in one file');
  await keys.isSomewhere();
  await expect(page.getByTestId('bundle-count')).toContainText(`${audits.length} published audits`);
  await expect(page.getByTestId('bundle-about')).toContainText('all regions');
  await keys.activate(page.getByTestId('make-bundle'));
  const row = page.locator('tr[data-testid^="bundle-"]');
  await expect(row).toHaveCount(1);
  await expect(row.locator('.chip')).toHaveText(/Waits for its turn|Being made|Ready/);
  const fetching = row.getByRole('link', { name: /^Download: / });
  await expect(fetching).toBeVisible({ timeout: 60_000 });
  await expect(row).toContainText(`${audits.length} of ${audits.length}`);
  expect(await axe(page)).toEqual([]);
  await page.screenshot({
    path: info.outputPath('ready-1440.png'),
    fullPage: true,
  });

  const coming = page.waitForEvent('download');
  await keys.activate(fetching);
  const download = await coming;
  expect(download.suggestedFilename()).toMatch(new RegExp(`${from}.*\\.zip$`));
  const file = info.outputPath('bundle.zip');
  await download.saveAs(file);
  const files = unzipped(readFileSync(file));
  expect(files.size).toBe(audits.length);
  const own: string[] = [];
  for (const { id } of audits)
    own.push((await client.bytes(`/published-audits/${id}/report.pdf`)).toString('latin1'));
  const held = [...files.values()].map((pdf) => pdf.toString('latin1'));
  expect(held.sort()).toEqual(own.sort());

  const [name, pdf] = [...files][0]!;
  expect(name).toMatch(/^[a-z0-9-]+-\d{4}-\d\d-\d\d(-\d+)?\.pdf$/);
  const paper = info.outputPath('one.pdf');
  writeFileSync(paper, pdf);
  const text = execFileSync('pdftotext', [paper, '-']).toString();
  expect(audits.some((audit) => text.includes(audit.location_name))).toBe(true);
  expect(text.toLowerCase()).not.toContain('shopper@');

  // The same page on a phone, and then the file is thrown away.
  await page.setViewportSize(SMALL);
  await page.screenshot({
    path: info.outputPath('ready-390.png'),
    fullPage: true,
  });
  expect(await axe(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  await keys.activate(row.getByRole('button', { name: /^Throw away: / }));
  await expect(row).toHaveCount(0);
  await expect(page.getByText('The file was thrown away.')).toBeVisible();
});

test('a manager gets their part, an admin a campaign, and nobody anothers file', async ({
  browser,
}, info) => {
  const manager = await Caller.signIn(server, 'manager');
  const admin = await Caller.signIn(server, 'admin');
  const to = (await manager.json('/published-audits?limit=1')).items[0].local_day;
  const { from } = await someDays();
  const { total } = await manager.json(`/published-audits?from=${from < to ? from : to}&to=${to}`);
  expect(total).toBeGreaterThan(0);
  const asked = await manager.post('/bundles', { from: from < to ? from : to, to });
  expect(asked.audits_total).toBe(total);
  await expect(client.json(`/bundles/${asked.id}`)).rejects.toThrow('404');
  await expect(client.bytes(`/bundles/${asked.id}/bundle.zip`)).rejects.toThrow('404');

  const campaign = (await admin.json('/campaigns')).items[0];
  const page = await desk(browser, 'admin', `/campaigns/${campaign.id}`, SMALL);
  await page.getByRole('link', { name: 'Download all as PDFs' }).click();
  await expect(page.getByTestId('bundle-about')).toContainText(`campaign ${campaign.name}`);
  // The agency's files, with who asked for each.
  await expect(page.getByRole('heading', { name: 'Files of the agency' })).toBeVisible();
  await expect(page.getByTestId(`bundle-${asked.id}`)).toContainText('asked by');
  await page.screenshot({
    path: info.outputPath('campaign-390.png'),
    fullPage: true,
  });
  expect(await axe(page)).toEqual([]);
});
