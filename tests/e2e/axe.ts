// What axe-core finds wrong with a page, as one line each; none is what we want.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Page } from '@playwright/test';

const source = readFileSync(resolve(__dirname, '../../web/node_modules/axe-core/axe.min.js'), 'utf8');

interface Violation {
  id: string;
  nodes: { html: string; failureSummary?: string }[];
}

export async function axe(page: Page): Promise<string[]> {
  // Given to the page by the debugger: the page's own policy lets nothing in.
  await page.evaluate(source);
  const violations = await page.evaluate(async () => {
    // Colours on their way from one to another have no contrast worth measuring; what turns for ever is not waited for.
    const passing = () =>
      document.getAnimations().filter((one) => Number.isFinite(one.effect?.getComputedTiming().endTime));
    while (passing().length > 0) await Promise.allSettled(passing().map((one) => one.finished));
    const { axe } = window as unknown as {
      axe: { run(root: Document): Promise<{ violations: Violation[] }> };
    };
    return (await axe.run(document)).violations;
  });
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)}: ${failureSummary ?? ''}`),
  );
}
