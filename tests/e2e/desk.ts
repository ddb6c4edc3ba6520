// Somebody at a desk: a browser of their own, signed in to one server, and whatever broke in its pages kept for the end of the
// story. Not here: the server (`server.ts`), phones (`phone/`).
import { expect, type Browser, type BrowserContext, type Page } from '@playwright/test';
import { PASSWORD, type Server } from './server';

export const LARGE = { width: 1440, height: 900 };
export const SMALL = { width: 390, height: 844 };

export class Desks {
  readonly #contexts: BrowserContext[] = [];
  readonly #errors: string[] = [];

  /** A page of the desk of `server`, as the demo's person of that role sees it. */
  async open(browser: Browser, server: Server, role: string, at: string, viewport = LARGE): Promise<Page> {
    const context = await browser.newContext({ viewport, locale: 'en-GB' });
    this.#contexts.push(context);
    const page = await context.newPage();
    page.on('pageerror', (error) => this.#errors.push(error.message));
    await page.goto(`${server.url}/desk/#${at}`);
    await page.getByTestId('sign-in-email').fill(`${role}@demo.example`);
    await page.getByTestId('sign-in-password').fill(PASSWORD);
    await page.getByTestId('sign-in-submit').click();
    await expect(page.getByTestId('sign-out')).toBeVisible();
    return page;
  }

  /** After each story: closes every desk, and makes sure that nothing broke in one. */
  async close(): Promise<void> {
    await Promise.all(this.#contexts.splice(0).map((context) => context.close()));
    expect(this.#errors.splice(0)).toEqual([]);
  }
}
