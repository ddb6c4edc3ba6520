// Answers whatever question the phone shows, as a shopper with a good day would: by its control, not by its id.
import { expect, type Locator, type Page } from '@playwright/test';

/** A real photo: a JPEG that the browser draws, larger than the phone keeps it. */
export async function drawPhoto(page: Page): Promise<Buffer> {
  const base64 = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(2400, 1800);
    const pen = canvas.getContext('2d');
    if (!pen) throw new Error('no canvas');
    for (let at = 0; at < 400; at++) {
      pen.fillStyle = `hsl(${(at * 37) % 360} 60% ${30 + (at % 50)}%)`;
      pen.fillRect((at * 113) % 2400, (at * 71) % 1800, 160, 90);
    }
    const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 });
    const bytes = new Uint8Array(await blob.arrayBuffer());
    let text = '';
    for (const byte of bytes) text += String.fromCharCode(byte);
    return btoa(text);
  });
  return Buffer.from(base64, 'base64');
}

/** What a shopper says to questions whose answer matters for the story. */
const CHOSEN: Record<string, string> = { unsafe_food: 'No', complained: 'No' };

async function answer(question: Locator, photo: Buffer): Promise<void> {
  const type = await question.getAttribute('data-type');
  const id = (await question.getAttribute('data-testid'))?.replace('question-', '') ?? '';
  switch (type) {
    case 'yes_no':
      await question.locator('label', { hasText: CHOSEN[id] ?? 'Yes' }).first().click();
      break;
    case 'choice':
      await question.locator('label.pick').first().click();
      break;
    case 'multi_choice':
      await question.locator('label.pick').first().click();
      break;
    case 'scale':
      await question.locator('label.pick').last().click();
      break;
    case 'emotion':
      await question.locator('label.pick').nth(3).click();
      break;
    case 'recommend':
      await question.getByText('9', { exact: true }).click();
      break;
    case 'duration': {
      const fields = question.locator('input');
      await fields.last().fill('40');
      await fields.last().blur();
      break;
    }
    case 'number':
    case 'count':
      await question.locator('input').first().fill('20');
      break;
    case 'money':
      await question.locator('input').first().fill('67.30');
      break;
    case 'text':
      await question.locator('textarea').first().fill('We were welcomed, served well and left with a smile.');
      break;
    case 'date':
      await question.locator('input').fill('2026-09-14');
      break;
    case 'time':
      await question.locator('input').fill('12:30');
      break;
    case 'photo': {
      const file = { name: 'receipt.jpg', mimeType: 'image/jpeg', buffer: photo };
      await question.locator('input[type=file]').setInputFiles(file);
      await expect(question.locator('li img')).toBeVisible();
      break;
    }
    case 'heading':
      break;
    default:
      throw new Error(`the browser test does not know how to answer '${type}'`);
  }
}

/** Answers question after question until the review page; returns which types were met. */
export async function fillEverything(page: Page, photo: Buffer): Promise<Set<string>> {
  const types = new Set<string>();
  for (let turn = 0; turn < 120; turn++) {
    if (await page.getByTestId('finish').isVisible()) return types;
    const question = page.locator('[data-testid^="question-"]');
    await expect(question).toHaveCount(1);
    const before = await question.getAttribute('data-testid');
    types.add((await question.getAttribute('data-type')) ?? '');
    await answer(question, photo);
    await page.getByTestId('next').click();
    await expect
      .poll(async () => {
        if (await page.getByTestId('finish').isVisible()) return 'finish';
        const shown = page.locator('[data-testid^="question-"]');
        return (await shown.count()) === 1 ? await shown.getAttribute('data-testid') : before;
      })
      .not.toBe(before);
  }
  throw new Error('the checklist does not end');
}
