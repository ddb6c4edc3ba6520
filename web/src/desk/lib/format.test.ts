// Figures read the same in every table, and none looks surer than it is.
import { expect, it } from 'vitest';
import * as format from './format';

it('a change has its sign, rounded half away from zero', () => {
  expect(format.change(32_000, 'en')).toBe('+3.2');
  expect(format.change(-500, 'en')).toBe('-0.1');
  expect(format.change(-100, 'en')).toBe('0.0');
  expect(format.change(500, 'nl')).toBe('+0,1');
});

it('a probability never looks certain', () => {
  expect(format.probability(0.999, 'en')).toBe('>99%');
  expect(format.probability(0.934, 'en')).toBe('93%');
  expect(format.probability(0.001, 'en')).toBe('<1%');
});

it('says how long ago in the unit that fits', () => {
  const now = Date.parse('2026-11-22T12:00:00Z');
  expect(format.ago('2026-11-22T11:59:30Z', now, 'en')).toBe('30 seconds ago');
  expect(format.ago('2026-11-22T10:00:00Z', now, 'en')).toBe('2 hours ago');
  expect(format.ago('2026-11-20T12:00:00Z', now, 'nl')).toBe('eergisteren');
});

it('writes lengths of time in words', () => {
  expect(format.lengthOfTime(45_000)).toBe('45 s');
  expect(format.lengthOfTime(750_000)).toBe('12 min 30 s');
  expect(format.lengthOfTime(3_900_000)).toBe('1 h 05 min');
});

it('a period does not repeat what its ends share', () => {
  expect(format.dayRange('2026-10-24', '2026-11-22', 'en-GB').replace(/\s/g, ' ')).toBe(
    '24 Oct – 22 Nov 2026',
  );
});
