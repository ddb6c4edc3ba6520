// Every type of question, filled in with the keyboard alone on a phone's screen, in a language that the checklist has only in
// part: mistakes are said where they are made, what depends on an answer comes and goes at once, and the scores that the phone
// shows are those that the server counts.
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join, resolve } from 'node:path';
import { expect, test, type BrowserContext, type Locator, type Page } from '@playwright/test';
import { axe } from './axe';
import { drawPhoto } from './filling';
import { Keyboard } from './keyboard';
import { Caller, PASSWORD, run, startServer, type Server } from './server';

const FILE = resolve(__dirname, 'every-question/v1.yaml');
/** A thousandth of a degree of latitude is 111 m. */
const NEAR = 0.001;
const FAR = 0.02;

let server: Server;
let place: Place;
test.beforeAll(async () => {
  server = await startServer();
  place = await handOut();
});
test.afterAll(async () => {
  await server?.stop();
});

interface Place {
  visit: string;
  checklist: string;
  latitude: number;
  longitude: number;
}

const day = (offset_days: number) => new Date(Date.now() + offset_days * 86_400_000).toISOString().slice(0, 10);

/** Publishes the checklist, and gives the shopper a visit with it: the second leg of a dinner at the same location. */
async function handOut(): Promise<Place> {
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
  const campaign = copyCampaign(dinners.id, 'every-question', sha256!);
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

/** The API makes no campaigns: this one is put beside the demo's own. */
function copyCampaign(of: string, slug: string, sha256: string): string {
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

/** The form as somebody with a keyboard meets it. */
class Form {
  readonly keys: Keyboard;
  readonly next: Locator;

  constructor(readonly page: Page) {
    this.keys = new Keyboard(page);
    this.next = page.getByTestId('next');
  }

  question(id: string): Locator {
    return this.page.getByTestId(`question-${id}`);
  }

  /** The question is shown, has the focus, and nothing is wrong with its page. */
  async meets(id: string): Promise<Locator> {
    const question = this.question(id);
    await expect(question).toBeVisible();
    await expect(question.locator('h1')).toBeFocused();
    await this.isFine(id);
    return question;
  }

  async isFine(where: string): Promise<void> {
    expect(await axe(this.page), where).toEqual([]);
    await this.keys.isSomewhere();
    const small = await this.page.evaluate(() => {
      const pressed = [...document.querySelectorAll<HTMLElement>('button, a[href], input, textarea, label')];
      return pressed
        .filter((one) => one.checkVisibility({ checkVisibilityCSS: true }))
        // A field may lie in a label that takes the taps for it.
        .map((one) => ({ box: (one.closest('label') ?? one).getBoundingClientRect(), html: one.outerHTML }))
        .filter(({ box }) => box.width < 48 || box.height < 48)
        .map(({ box, html }) => `${box.width} × ${box.height}: ${html.slice(0, 120)}`);
    });
    expect(small, `too small for a thumb: ${where}`).toEqual([]);
    const wide = await this.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(wide, `wider than the screen: ${where}`).toBeLessThanOrEqual(0);
  }

  async goOn(): Promise<void> {
    await this.keys.activate(this.next);
  }

  /** How many questions there are to answer now, as the form says it. */
  async count(): Promise<{ answered: number; total: number }> {
    const [answered, total] = ((await this.page.getByTestId('progress').textContent()) ?? '')
      .split('van')
      .map(Number);
    return { answered: answered!, total: total! };
  }

  /** The control says what is wrong with it: marked, described by the words, which are read aloud when they come. */
  async says(control: Locator, words: string | RegExp): Promise<void> {
    await expect(control).toHaveAttribute('aria-invalid', 'true');
    const ids = ((await control.getAttribute('aria-describedby')) ?? '').split(' ');
    const problem = this.page.locator(`#${ids.find((id) => id.endsWith('-problem'))}`);
    await expect(problem).toHaveText(words);
    await expect(problem).toHaveAttribute('aria-live', 'polite');
    await this.isFine(`with a mistake: ${String(words)}`);
  }
}

/** A phone in Dutch, signed in, with the visit and everything that goes with it on it. */
async function phone(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${server.url}/field/`);
  await page.getByTestId('sign-in-email').fill('shopper@demo.example');
  await page.getByTestId('sign-in-password').fill(PASSWORD);
  await page.getByTestId('sign-in-submit').click();
  await expect(page.getByTestId(`visit-${place.visit}`).getByTestId('ready')).toBeVisible();
  return page;
}

test('a checklist for a newer app is not begun and not scored, and what was filled in stays', async ({ browser }) => {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: 'en-GB' });
  const page = await phone(context);
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

test('every question can be answered with the keyboard alone, and is scored as the server scores it', async ({
  browser,
}) => {
  const context = await browser.newContext({
    viewport: { width: 390, height: 844 },
    locale: 'nl-NL',
    timezoneId: 'Europe/Amsterdam',
  });
  const page = await phone(context);
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  const form = new Form(page);
  const { keys } = form;

  // The visit: second of two, partly in English.
  const card = page.getByTestId(`visit-${place.visit}`);
  await expect(card.getByTestId('second-leg')).toContainText('Tweede bezoek van twee');
  await keys.activate(card);
  await expect(page.getByTestId('second-leg')).toBeVisible();
  await expect(page.getByTestId('foreign')).toHaveText('Een deel van de vragen is in het Engels.');
  await expect(page.getByText('You bring back what you bought last week.')).toHaveAttribute('lang', 'en');
  expect(await axe(page), 'the visit').toEqual([]);
  await keys.activate(page.getByTestId('visit-start'));

  // Heading, with the brief at hand.
  let question = await form.meets('intro');
  await keys.activate(page.getByTestId('briefing'));
  await expect(page.getByRole('dialog')).toContainText('Ga als een gewone klant.');
  expect(await axe(page), 'the brief').toEqual([]);
  await keys.press('Escape');
  await expect(page.getByTestId('briefing')).toBeFocused();
  await form.goOn();

  // Where the phone is: not allowed to know, far away, near.
  question = await form.meets('here');
  const check = page.getByTestId('location-check');
  const said = page.getByTestId('location-said');
  await keys.activate(check);
  await expect(said).toContainText('mag niet zien waar je bent');
  await expect(said).toHaveAttribute('aria-live', 'polite');
  await expect(page.getByTestId('leave-out')).toBeVisible();
  await form.isFine('no permission');
  await context.grantPermissions(['geolocation'], { origin: server.url });
  const stand = (degrees: number) =>
    context.setGeolocation({ latitude: place.latitude + degrees, longitude: place.longitude, accuracy: 15 });
  await stand(FAR);
  await keys.press('Shift+Tab');
  await keys.activate(check);
  await expect(said).toContainText('Dat is meer dan 200 m ver');
  await form.isFine('far away');
  await stand(NEAR);
  await keys.activate(check);
  await expect(said).toContainText('Ongeveer 111 m van de locatie, op zo’n 15 m na');
  await form.isFine('near');
  await form.goOn();

  // Time and day: now and today, and a day that is half typed.
  question = await form.meets('arrived_at');
  await keys.activate(question.getByRole('button', { name: 'Nu' }));
  await expect(question.locator('input')).toHaveValue(/^\d\d:\d\d$/);
  await form.goOn();
  question = await form.meets('visited_on');
  const date = question.locator('input');
  await keys.to(date);
  await page.keyboard.type('11');
  await keys.activate(form.next);
  await form.says(date, 'De datum is niet compleet');
  await expect(date, 'what is not kept is not left behind').toBeFocused();
  await keys.activate(question.getByRole('button', { name: 'Vandaag' }));
  await expect(date).toHaveAttribute('aria-invalid', 'false');
  await form.goOn();

  // Left open for now: the second face will ask for it.
  await form.meets('mood_before');
  await form.goOn();

  // What depends on the answer comes and goes at once, and is counted only while it is there.
  question = await form.meets('greeted');
  const before = await form.count();
  const [yes, no] = [question.getByRole('radio').first(), question.getByRole('radio').last()];
  await keys.to(yes);
  await keys.press('ArrowRight');
  await expect(no).toBeChecked();
  await expect.poll(() => form.count()).toEqual({ answered: before.answered + 1, total: before.total + 1 });
  await keys.press('ArrowLeft');
  await expect(yes).toBeChecked();
  await expect.poll(() => form.count()).toEqual({ answered: before.answered + 1, total: before.total });
  await form.goOn();
  await expect(form.question('wait'), 'the hidden question is passed over').toBeVisible();
  await keys.activate(page.getByTestId('previous'));
  await keys.to(yes);
  await keys.press('ArrowRight');
  await expect.poll(() => form.count()).toEqual({ answered: before.answered + 1, total: before.total + 1 });
  await form.goOn();

  // Words: said to be too few when the field is left, not while they are typed.
  question = await form.meets('instead');
  const text = question.locator('textarea');
  await keys.to(text);
  await page.keyboard.type('Zij praatten verder');
  await expect(text).toHaveAttribute('aria-invalid', 'false');
  await keys.press('Tab');
  await form.says(text, 'Graag nog 4 woorden');
  await keys.to(text, 'Shift+Tab');
  await keys.press('ControlOrMeta+End');
  await page.keyboard.type(' met elkaar over het weer');
  await expect(question).toContainText('8 woorden');
  await expect(text).toHaveAttribute('aria-invalid', 'false');
  await form.goOn();

  // A stopwatch with one button that stays under the thumb, and a time that is typed.
  question = await form.meets('wait');
  const watch = question.locator('[data-turn]');
  await keys.activate(watch);
  await expect(watch).toHaveText('Stop');
  await form.isFine('the stopwatch runs');
  await expect(question.getByRole('timer')).not.toHaveText('0:00');
  await keys.press('Enter');
  await expect(watch).toBeFocused();
  await expect(watch).toHaveText('Verder');
  const [minutes, seconds] = [question.locator('input').first(), question.locator('input').last()];
  await keys.retype(minutes, 'twee');
  await form.says(minutes, 'Vul minuten en seconden in, zoals 1 en 30, of 1:30');
  await keys.activate(form.next);
  await expect(minutes, 'what is not kept is not left behind').toBeFocused();
  await keys.retype(seconds, '');
  await keys.to(minutes, 'Shift+Tab');
  await keys.retype(minutes, '1:30');
  await keys.press('Tab');
  await expect(minutes).toHaveValue('1');
  await expect(seconds).toHaveValue('30');
  await form.goOn();

  // Several of several; one of them stands alone.
  question = await form.meets('offered');
  const [menu, water, nothing] = [0, 1, 2].map((at) => question.getByRole('checkbox').nth(at)) as [Locator, Locator, Locator];
  for (const box of [menu, water]) {
    await keys.to(box);
    await keys.press('Space');
  }
  await keys.to(nothing);
  await keys.press('Space');
  await expect(menu).not.toBeChecked();
  await expect(nothing).toBeChecked();
  await form.isFine('alone');
  await keys.to(menu, 'Shift+Tab');
  await keys.press('Space');
  await expect(nothing).not.toBeChecked();
  await form.goOn();

  // A choice; not applicable is one press, and takes nothing away; clearing leads back to the question.
  question = await form.meets('served_by');
  await expect(question.getByText('Several people')).toHaveAttribute('lang', 'en');
  const [one, several] = [question.getByRole('radio').first(), question.getByRole('radio').last()];
  await keys.to(one);
  await keys.press('ArrowDown');
  await expect(several).toBeChecked();
  const not_applicable = question.getByTestId('not-applicable');
  await keys.activate(not_applicable);
  await expect(not_applicable).toHaveAttribute('aria-pressed', 'true');
  await expect(several).not.toBeChecked();
  await form.isFine('not applicable');
  await keys.press('Enter');
  await expect(several).toBeChecked();
  await keys.activate(question.getByTestId('clear'));
  await expect(several).not.toBeChecked();
  await expect(question.locator('h1')).toBeFocused();
  await keys.to(one);
  await keys.press('Space');
  await form.goOn();

  // A scale with reference pictures, which are on the phone without a network.
  question = await form.meets('tidy');
  await context.setOffline(true);
  const pictures = question.getByTestId('pictures');
  await expect(pictures.locator('img')).toHaveCount(2);
  await expect(pictures.locator('img').first()).toHaveAttribute('alt', 'Schoon: alleen de kassa');
  await expect(pictures.getByText('Not clean: cups and papers')).toHaveAttribute('lang', 'en');
  const larger = pictures.getByRole('button').first();
  await keys.activate(larger);
  await expect(page.getByRole('dialog').locator('img')).toBeVisible();
  expect(await axe(page), 'a picture over the whole screen').toEqual([]);
  await keys.press('Escape');
  await expect(larger).toBeFocused();
  await context.setOffline(false);
  await keys.to(question.getByRole('radio').first());
  await keys.press('ArrowDown');
  await form.goOn();

  // A number: out of bounds, too exact, and right, with a decimal comma.
  question = await form.meets('temperature');
  const number = question.locator('input');
  await keys.retype(number, '120');
  await form.says(number, 'Tussen −20 en 100');
  await keys.retype(number, '71,25');
  await form.says(number, 'Hoogstens 1 decimaal');
  await keys.press('Enter');
  await expect(number, 'what is not kept is not left behind').toBeFocused();
  await keys.retype(number, '71,5');
  await expect(number).toHaveAttribute('aria-invalid', 'false');
  await keys.press('Enter');

  // A count, by its buttons.
  question = await form.meets('free_tables');
  await keys.to(question.getByRole('button', { name: 'Eén meer' }));
  await keys.press('Enter', 'Enter', 'Enter');
  await keys.to(question.getByRole('button', { name: 'Eén minder' }), 'Shift+Tab');
  await keys.press('Enter', 'Enter', 'Enter', 'Enter');
  await expect(question.locator('input')).toHaveValue('0');
  await expect(question.getByRole('button', { name: 'Eén minder' })).toBeFocused();
  await keys.retype(question.locator('input'), '7');
  await form.goOn();

  // Money is written out when the field is left.
  question = await form.meets('bill');
  await keys.retype(question.locator('input'), '67,3');
  await keys.press('Tab');
  await expect(question.locator('input')).toHaveValue('67,30');
  await form.goOn();

  // A photo. The phone's own camera is not ours to test; what comes from it is.
  question = await form.meets('receipt');
  const file = { name: 'receipt.jpg', mimeType: 'image/jpeg', buffer: await drawPhoto(page) };
  const camera = question.locator('input[type=file]');
  await keys.to(camera);
  await camera.setInputFiles(file);
  await expect(question.locator('li img')).toBeVisible();
  await form.isFine('a photo');
  await keys.activate(question.getByRole('button', { name: 'Foto 1 weghalen' }));
  await expect(question.locator('li img')).toHaveCount(0);
  await expect(camera).toBeFocused();
  await camera.setInputFiles(file);
  await expect(question.locator('li img')).toBeVisible();
  await keys.activate(question.getByRole('button', { name: 'Foto 1 groter bekijken' }));
  expect(await axe(page), 'a photo over the whole screen').toEqual([]);
  await keys.press('Escape');
  await form.goOn();

  question = await form.meets('solved');
  await keys.to(question.getByRole('radio').first());
  await keys.press('Space');
  await form.goOn();

  // The second face: what was felt before is asked for first, and then shown.
  await form.meets('mood_after');
  await keys.activate(page.getByRole('link', { name: 'Beantwoorden' }));
  question = await form.meets('mood_before');
  await keys.to(question.getByRole('radio').first());
  await keys.press('ArrowRight');
  await expect(question.getByRole('radio', { name: 'Slecht', exact: true })).toBeChecked();
  await keys.activate(page.getByTestId('overview'));
  await form.isFine('all questions');
  await keys.activate(page.getByRole('dialog').getByRole('button', { name: 'Hoe voel je je nu?' }));
  question = await form.meets('mood_after');
  await expect(page.getByTestId('before')).toHaveText('Eerder zei je: Slecht');
  await keys.to(question.getByRole('radio').first());
  await keys.press('ArrowRight', 'ArrowRight', 'ArrowRight');
  await expect(question.getByRole('radio', { name: 'Goed', exact: true })).toBeChecked();
  await form.isFine('a pair of faces');
  await form.goOn();

  question = await form.meets('tell_others');
  await page.setViewportSize({ width: 320, height: 640 });
  await form.isFine('0 to 10 on a narrow phone');
  await page.setViewportSize({ width: 390, height: 844 });
  await keys.to(question.getByRole('radio').first());
  for (let mark = 0; mark < 9; mark++) await keys.press('ArrowRight');
  await expect(question.getByRole('radio', { name: '9', exact: true })).toBeChecked();
  await form.goOn();
  await form.meets('story');
  const { answered, total } = await form.count();
  expect(answered, 'all but the optional one').toBe(total - 1);
  await form.goOn();

  // Handed in; the server counts the same.
  const finish = page.getByTestId('finish');
  await expect(finish).toBeEnabled();
  expect(await axe(page), 'the last look').toEqual([]);
  const shown = await page.locator('dd.figures').allTextContents();
  await keys.activate(finish);
  const item = page.locator('[data-testid^="outbox-item-"]');
  await expect(item).toHaveAttribute('data-state', 'complete', { timeout: 60_000 });
  const audit = (await item.getAttribute('data-testid'))!.replace('outbox-item-', '');
  const reviewer = await Caller.signIn(server, 'reviewer');
  const detail = await reviewer.json(`/audits/${audit}`);
  expect(detail.flags).not.toContain('score_mismatch');
  expect(detail.flags).not.toContain('far_from_location');
  const { score, phone_score } = detail;
  for (const name of ['total_micros', 'service_micros', 'experience_micros', 'recovery_micros']) {
    expect(phone_score[name], name).toBe(score[name]);
    expect(typeof score[name], name).toBe('number');
  }
  const percent = (micros: number) => `${(micros / 10_000).toFixed(1).replace('.', ',')}%`;
  expect(shown.map((one) => one.trim()).slice(0, 3)).toEqual(
    ['service_micros', 'experience_micros', 'recovery_micros'].map((name) => percent(score[name])),
  );

  // Of where the phone was, nothing but a distance was kept.
  const { recorded_at, ...kept } = detail.answers.here;
  expect(recorded_at).toBeTruthy();
  expect(kept).toEqual({ value: 111, accuracy_m: 15 });
  expect(detail.answers.wait.value).toBe(90_000);
  expect(detail.answers.bill.value).toBe(6730);
  expect(detail.answers.temperature.value).toBe(71_500);
  expect(detail.answers.offered.value).toEqual(['menu']);
  expect(errors).toEqual([]);
  await context.close();
});
