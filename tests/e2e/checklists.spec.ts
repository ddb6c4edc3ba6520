// An admin publishes the second version of a checklist, compares it with the first, moves the campaign to it, and sees that a visit
// handed out before keeps its version while a new one gets the second. Nothing on any phone changes under its shopper.
import { resolve } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { axe } from './axe';
import { Caller, PASSWORD, startServer, type Server } from './server';

const FIRST = resolve(__dirname, '../../checklists/restaurant-dine-in/v1.yaml');
const SECOND = resolve(__dirname, '../../checklists/restaurant-dine-in/v2.yaml');
const SLUG = 'restaurant-dine-in';
const day = (offset_days: number) => new Date(Date.now() + offset_days * 86_400_000).toISOString().slice(0, 10);

let server: Server;
test.beforeAll(async () => {
  server = await startServer();
});
test.afterAll(async () => {
  await server?.stop();
});

async function signIn(page: Page): Promise<void> {
  await page.goto(`${server.url}/desk/`);
  await page.getByTestId('sign-in-email').fill('admin@demo.example');
  await page.getByTestId('sign-in-password').fill(PASSWORD);
  await page.getByTestId('sign-in-submit').click();
  await expect(page.getByTestId('nav-checklists')).toBeVisible();
}

test('a campaign moves to a new version, and what was handed out stays', async ({ browser }) => {
  const admin = await Caller.signIn(server, 'admin');
  const shopper = await Caller.signIn(server, 'shopper');
  const me = (await shopper.json('/sessions/current')).user;
  const campaign = (await admin.json('/campaigns')).items.find((c: { checklist_slug: string }) => c.checklist_slug === SLUG);
  const location = (await admin.json(`/locations?client=${campaign.client}`)).items[0];
  const handedOut = await admin.post('/visits', {
    campaign: campaign.id,
    location: location.id,
    shopper: me,
    local_opens: `${day(12)}T18:00`,
    local_closes: `${day(12)}T22:00`,
  });

  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await signIn(page);

  // What is wrong is told with its place, and the cursor goes there.
  await page.getByTestId('nav-checklists').click();
  await page.getByTestId('publish-page').click();
  await page.getByTestId('checklist-file').setInputFiles(SECOND);
  await expect(page.getByTestId('publish-checklist')).toBeEnabled();
  const source = page.locator('#source');
  const sound = await source.inputValue();
  await source.fill(sound.replace('type: yes_no', 'type: yes_on'));
  await expect(page.getByTestId('publish-checklist')).toBeDisabled();
  await page.getByTestId('check-checklist').click();
  await expect(page.getByTestId('file-problems')).toContainText('yes_no');
  await page.getByTestId('problem-0').click();
  const marked = await source.evaluate((area: HTMLTextAreaElement) =>
    area.value.slice(area.selectionStart, area.selectionEnd),
  );
  expect(marked).toBe('yes_on');
  expect(await axe(page)).toEqual([]);

  await source.fill(sound);
  await page.getByTestId('check-checklist').click();
  await page.getByTestId('publish-checklist').click();
  await expect(page.getByTestId(`version-${SLUG}-2`)).toBeVisible();
  expect(await axe(page)).toEqual([]);

  // The first version is in use: it cannot be retired, and it is said by whom.
  await page.getByTestId(`version-${SLUG}-1`).getByRole('button', { name: 'Retire' }).click();
  await page.getByTestId('retire-confirm').click();
  await expect(page.getByRole('dialog')).toContainText(campaign.name);
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();

  await page.getByTestId(`version-${SLUG}-2`).getByRole('link', { name: 'Compare' }).click();
  await expect(page.getByTestId('comparable')).toHaveAttribute('data-comparable', 'false');
  await expect(page.getByTestId('differences')).toContainText('added');
  expect(await axe(page)).toEqual([]);

  await page.getByTestId('nav-campaigns').click();
  await page.getByTestId(`campaign-${SLUG}`).getByRole('link').click();
  await page.locator('#move-version').selectOption({ label: 'Version 2' });
  await page.locator('#move-day').fill(day(2));
  await page.getByTestId('move-campaign').click();
  await expect(page.getByTestId(`step-${day(2)}`)).toContainText('Version 2');
  expect(await axe(page)).toEqual([]);

  await page.getByTestId('nav-visits').click();
  const old = page.getByTestId(`visit-row-${handedOut.id}`);
  await expect(old.getByTestId('visit-version')).toHaveText('version 1');
  await page.getByTestId('new-visit').click();
  await page.locator('#campaign').selectOption(campaign.id);
  await page.locator('#location').selectOption(location.id);
  await page.locator('#shopper').selectOption(me);
  await page.locator('#opens').fill(`${day(13)}T18:00`);
  await page.locator('#closes').fill(`${day(13)}T22:00`);
  await page.getByTestId('create-visit').click();
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(page.getByTestId('visit-version').first()).toHaveText('version 2');
  await expect(old.getByTestId('visit-version')).toHaveText('version 1');
  expect(await axe(page)).toEqual([]);
  expect(errors).toEqual([]);
  await context.close();

  // The shopper's phone is told the same.
  const { changes } = await shopper.json('/sync/changes?limit=500');
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests read whatever the API says
  const versions = changes
    .map((change: any) => change.value)
    .filter((value: any) => value?.window?.local_opens >= `${day(12)}T00:00` && value.location.id === location.id)
    .map((value: any) => [value.window.local_opens.slice(0, 10), value.checklist.version]);
  expect(Object.fromEntries(versions)).toEqual({ [day(12)]: 1, [day(13)]: 2 });
});

test('a file that is published already makes no second version', async ({ browser }) => {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true, locale: 'en-GB' });
  const page = await context.newPage();
  await signIn(page);
  await page.getByTestId('nav-checklists').click();
  await page.getByTestId('publish-page').click();
  await page.getByTestId('checklist-file').setInputFiles(FIRST);
  await expect(page.getByText('This very version is published already.')).toBeVisible();
  await expect(page.getByTestId('publish-checklist')).toHaveCount(0);
  expect(await axe(page)).toEqual([]);
  await context.close();
});
