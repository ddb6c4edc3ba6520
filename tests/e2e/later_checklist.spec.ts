// What a phone does with what it does not understand or was not told: a checklist for a newer app, a location without a place.
import { expect, test, type Page } from '@playwright/test';
import { axe } from './axe';
import { handOut, phone, type Place } from './hand_out';
import { Caller, startServer, type Server } from './server';

let server: Server;
let place: Place;
test.beforeAll(async () => {
  server = await startServer();
  place = await handOut(server);
});
test.afterAll(async () => {
  await server?.stop();
});

/** What the phone keeps, changed behind its back: how it will find itself after an update of the agency's, or of its own. */
async function alter(page: Page, store: string, key: string, change: Record<string, unknown>): Promise<void> {
  await page.evaluate(
    async ([store, key, change]) => {
      const name = `plainclothes-field-${localStorage.getItem('plainclothes.user')}`;
      const finished = <T>(request: IDBRequest<T>) =>
        new Promise<T>((done, fail) => {
          request.onsuccess = () => done(request.result);
          request.onerror = () => fail(request.error as Error);
        });
      const db = await finished(indexedDB.open(name));
      const records = db.transaction(store, 'readwrite').objectStore(store);
      await finished(records.put({ ...(await finished(records.get(key))), ...change }));
      db.close();
    },
    [store, key, change] as const,
  );
  await page.reload();
}

test('a checklist for a newer app is not begun and not scored, and what was filled in stays', async ({ browser }) => {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: 'en-GB' });
  const page = await phone(server, context, place.visit);
  const text = (await (await Caller.signIn(server, 'shopper')).bytes(`/checklists/${place.checklist}`)).toString();
  const later = JSON.stringify({ ...JSON.parse(text), format: 3 });
  const update = page.getByTestId('must-update');

  await alter(page, 'checklists', place.checklist, { text: later });
  await page.getByTestId(`visit-${place.visit}`).click();
  await expect(update).toContainText('Update the app');
  await expect(page.getByTestId('visit-start')).toHaveCount(0);
  expect(await axe(page), 'the update').toEqual([]);

  await alter(page, 'checklists', place.checklist, { text });
  await page.getByTestId('visit-start').click();
  await page.getByTestId('next').click();
  const here = page.getByTestId('question-here');
  await here.getByTestId('not-applicable').click();
  await alter(page, 'checklists', place.checklist, { text: later });
  await expect(update).toContainText('What you filled in is kept on this phone.');
  await expect(page.getByTestId('next')).toHaveCount(0);

  await alter(page, 'checklists', place.checklist, { text });
  await expect(here.getByTestId('not-applicable')).toHaveAttribute('aria-pressed', 'true');

  // A location that nobody has noted the place of cannot be measured from; the question can be left out.
  await here.getByTestId('not-applicable').click();
  const visit = await (await Caller.signIn(server, 'shopper')).json('/sync/changes?limit=500');
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests read whatever the API says
  const { value } = visit.changes.find((change: any) => change.id === place.visit);
  const { latitude_e7: _latitude, longitude_e7: _longitude, ...location } = value.location;
  await alter(page, 'visits', place.visit, { value: { ...value, location } });
  await expect(page.getByTestId('location-said')).toContainText('has not noted where this location is');
  await expect(page.getByTestId('location-check')).toHaveCount(0);
  expect(await axe(page), 'no place').toEqual([]);
  await page.getByTestId('leave-out').click();
  await expect(here.getByTestId('not-applicable')).toHaveAttribute('aria-pressed', 'true');
  await expect(here.getByTestId('not-applicable')).toBeFocused();
  await context.close();
});
