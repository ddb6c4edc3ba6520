// Publishes the checklist that has one question of every type, hands out a visit with it, and signs a phone in that has it.
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join, resolve } from 'node:path';
import { expect, type BrowserContext, type Page } from '@playwright/test';
import { Caller, PASSWORD, run, type Server } from './server';

const FILE = resolve(__dirname, 'every-question/v1.yaml');

export interface Place {
  visit: string;
  checklist: string;
  latitude: number;
  longitude: number;
}

const day = (offset_days: number) => new Date(Date.now() + offset_days * 86_400_000).toISOString().slice(0, 10);

/** Publishes the checklist, and gives the shopper a visit with it: the second leg of a dinner at the same location. */
export async function handOut(server: Server): Promise<Place> {
  const said = run(server, 'checklist', 'publish', FILE);
  const sha256 = /[0-9a-f]{64}/.exec(said)?.[0];
  expect(sha256, said).toBeTruthy();
  const admin = await Caller.signIn(server, 'admin');
  const shopper = await Caller.signIn(server, 'shopper');
  const me = (await shopper.json('/sessions/current')).user;
  const { changes } = await shopper.json('/sync/changes?limit=500');
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests read whatever the API says
  const dinner = changes.map((change: any) => change.value).find(({ state, checklist }: any) => {
    return state === 'assigned' && checklist?.slug === 'restaurant-dine-in';
  });
  const rows = (await admin.json('/campaigns')).items;
  const dinners = rows.find((row: { checklist_slug: string }) => row.checklist_slug === 'restaurant-dine-in');
  const campaign = copyCampaign(server, dinners.id, 'every-question', sha256!);
  const leg = { location: dinner.location.id, shopper: me };
  const first = await admin.post('/visits', {
    ...leg,
    campaign: dinners.id,
    local_opens: `${day(-1)}T00:00`,
    local_closes: `${day(1)}T23:59`,
  });
  const second = await admin.post('/visits', {
    ...leg,
    campaign,
    local_opens: `${day(-1)}T00:00`,
    local_closes: `${day(1)}T23:59`,
    follows: first.id,
  });
  const { latitude_e7, longitude_e7 } = dinner.location;
  return { visit: second.id, checklist: sha256!, latitude: latitude_e7 / 1e7, longitude: longitude_e7 / 1e7 };
}

/** The API makes no campaigns: this one is put beside the demo's own. */
export function copyCampaign(server: Server, of: string, slug: string, sha256: string): string {
  const [id, from] = [randomUUID(), of].map((uuid) => `X'${uuid.replaceAll('-', '')}'`);
  execFileSync('sqlite3', [
    '-cmd',
    '.timeout 10000',
    join(server.folder, 'plainclothes.db'),
    `INSERT INTO campaign (id, agency_id, client_id, name, checklist_slug, checklist_sha256, visits_min, starts_on, ends_on,
       pay_minor, currency, brief)
     SELECT ${id}, agency_id, client_id, 'Every question', '${slug}', X'${sha256}', visits_min, starts_on, ends_on,
       pay_minor, currency, 'Bring the receipt.' FROM campaign WHERE id = ${from}`,
  ]);
  return id!.slice(2, -1).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** A phone, signed in, with the visit and everything that goes with it on it. */
export async function phone(server: Server, context: BrowserContext, visit: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${server.url}/field/`);
  await page.getByTestId('sign-in-email').fill('shopper@demo.example');
  await page.getByTestId('sign-in-password').fill(PASSWORD);
  await page.getByTestId('sign-in-submit').click();
  await expect(page.getByTestId(`visit-${visit}`).getByTestId('ready')).toBeVisible();
  return page;
}
