// The form as somebody with a keyboard meets it, and what has to hold on each of its pages.
import { expect, type Locator, type Page } from '@playwright/test';
import { axe } from './axe';
import { Keyboard } from './keyboard';

export class Form {
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
