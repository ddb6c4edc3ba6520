// A shopper without a finger or a mouse: reaches everything by Tab and arrows, and never finds the focus gone.
import { expect, type Locator, type Page } from '@playwright/test';

/** More controls than any page of the form has. */
const TABS_MAX = 60;

export class Keyboard {
  constructor(private readonly page: Page) {}

  /** Tabs on, or back, until this has the focus. */
  async to(target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
    await expect(target).toHaveCount(1);
    for (let turn = 0; turn < TABS_MAX; turn++) {
      if (await target.evaluate((element) => element === document.activeElement)) return;
      await this.page.keyboard.press(key);
    }
    throw new Error(`${target} cannot be reached by the keyboard`);
  }

  async press(...keys: string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  /** Presses a button or follows a link. */
  async activate(target: Locator): Promise<void> {
    await this.to(target);
    await this.press('Enter');
  }

  /** Types in place of what stands in a field. */
  async retype(target: Locator, text: string): Promise<void> {
    await this.to(target);
    await this.press('ControlOrMeta+a', 'Delete');
    await this.page.keyboard.type(text);
  }

  /** Something on the page has the focus. */
  async isSomewhere(): Promise<void> {
    await expect
      .poll(() => this.page.evaluate(() => document.activeElement?.tagName ?? 'BODY'), {
        message: 'the focus is lost',
      })
      .not.toBe('BODY');
  }
}
