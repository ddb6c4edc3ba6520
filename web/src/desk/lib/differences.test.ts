// Changes are laid out by section and question, and their words taken apart at the right arrow.
import { describe, expect, it } from 'vitest';
import type { Change } from '../../api/desk';
import { concerns, laidOut, told } from './differences';

const change = (words: string, more: Partial<Change> = {}): Change => ({
  audience: 'both',
  kind: 'points',
  words,
  ...more,
});

it('the order is kept, and what belongs together stands together', () => {
  const [head, section, question, same, other] = [
    change('1'),
    change('2', { section: 's' }),
    change('3', { section: 's', question: 'q' }),
    change('4', { section: 's', question: 'q' }),
    change('5', { section: 't', question: 'q' }),
  ];
  const found = laidOut([head!, section!, question!, same!, other!]);
  expect(found.map((one) => one.section)).toEqual([undefined, 's', 't']);
  expect(found[1]?.questions.map((one) => [one.question, one.changes.length])).toEqual([
    [undefined, 1],
    ['q', 2],
  ]);
});

it('what both would notice concerns each; what only the agency sees, neither', () => {
  expect(concerns(change(''), 'score')).toBe(true);
  expect(concerns(change('', { audience: 'shopper' }), 'score')).toBe(false);
  expect(concerns(change('', { audience: 'agency' }), 'shopper')).toBe(false);
  expect(concerns(change('', { audience: 'agency' }), 'all')).toBe(true);
});

describe('words', () => {
  it('have a before and an after', () => {
    expect(told({ words: 'points: 5 → 6' })).toEqual({ what: 'points', before: '5', after: '6' });
  });
  it('may hold an arrow of their own in quotes', () => {
    expect(told({ words: 'text (en): “a → b” → “c”' })).toEqual({
      what: 'text (en)',
      before: '“a → b”',
      after: '“c”',
    });
  });
  it('with two pairs of values keep them together', () => {
    expect(told({ words: 'weight: 18 → 16, 18 % → 16 % of the total' })).toEqual({
      what: 'weight',
      after: '18 → 16, 18 % → 16 % of the total',
    });
  });
  it('without an arrow stay whole', () => {
    expect(told({ words: 'new, yes_no: “Was it clean?”' })).toEqual({ what: 'new, yes_no: “Was it clean?”' });
  });
});
