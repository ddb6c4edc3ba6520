// Every type of question, filled in with the keyboard alone on a phone's screen, in a language that the checklist has only in
// part: mistakes are said where they are made, what depends on an answer comes and goes at once, and the scores that the phone
// shows are those that the server counts.
import { expect, test, type Locator } from '@playwright/test';
import { axe } from './axe';
import { drawPhoto } from './filling';
import { Form } from './form';
import { handOut, phone, type Place } from './hand_out';
import { Caller, startServer, type Server } from './server';

/** A thousandth of a degree of latitude is 111 m. */
const NEAR = 0.001;
const FAR = 0.02;

let server: Server;
let place: Place;
test.beforeAll(async () => {
  server = await startServer();
  place = await handOut(server);
});
test.afterAll(async () => {
  await server?.stop();
});

test('every question can be answered with the keyboard alone, and is scored as the server scores it', async ({
  browser,
}) => {
  const context = await browser.newContext({
    viewport: { width: 390, height: 844 },
    locale: 'nl-NL',
    timezoneId: 'Europe/Amsterdam',
  });
  const page = await phone(server, context, place.visit);
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
