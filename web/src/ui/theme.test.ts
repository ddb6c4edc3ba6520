// Contrast of the colour tokens by WCAG 2.2 (relative luminance, 1.4.3 and 1.4.11), in light and dark.

import { describe, expect, it } from 'vitest';
import css from './theme.css?raw';

function tokens(selector: string): Record<string, string> {
  const start = css.indexOf(selector);
  if (start < 0) throw new Error(`no block ${selector}`);
  const block = css.slice(start, css.indexOf('}', start));
  return Object.fromEntries([...block.matchAll(/--([a-z-]+): (#[0-9a-f]{6});/g)].map((m) => [m[1], m[2]]));
}

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const c = parseInt(hex.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light! + 0.05) / (dark! + 0.05);
}

const themes = {
  light: ':root {',
  'dark by system': ":root:not([data-theme='light']) {",
  'dark by choice': ":root[data-theme='dark'] {",
};

describe.each(Object.entries(themes))('%s', (_name, selector) => {
  const of = tokens(selector);
  const text: [string, string[]][] = [
    ['ink', ['ground', 'surface', 'sunken']],
    ['muted', ['ground', 'surface', 'sunken']],
    ['on-ink', ['ink']],
    ...(['service', 'experience', 'good', 'bad', 'warn'] as const).map((hue): [string, string[]] => [
      hue,
      ['ground', 'surface', `${hue}-soft`],
    ]),
    ['ink', ['service-soft', 'experience-soft', 'good-soft', 'bad-soft', 'warn-soft']],
    ['surface', ['service', 'experience', 'good', 'bad', 'warn']],
  ];
  it.each(text.flatMap(([front, backs]) => backs.map((back) => [front, back] as const)))(
    'text %s on %s is at least 4.5 : 1',
    (front, back) => expect(contrast(of[front]!, of[back]!)).toBeGreaterThanOrEqual(4.5),
  );
  it.each(['ground', 'surface'])('a control edge on %s is at least 3 : 1', (back) =>
    expect(contrast(of['edge']!, of[back]!)).toBeGreaterThanOrEqual(3),
  );
});

it('both ways to dark are the same', () => {
  expect(tokens(themes['dark by choice'])).toEqual(tokens(themes['dark by system']));
});
