// Names never touch each other, a point, or what is written already.
import { expect, it } from 'vitest';
import { placeLabels, type LabelRules, type Spot } from './labels';

const rules: LabelRules = {
  most: 10,
  within: { left: 0, top: 0, right: 300, bottom: 300 },
  taken: [],
  letterWidth: 6,
  lineHeight: 12,
};
const spot = (id: string, x: number, y: number): Spot => ({ id, x, y, radius: 5, text: 'Ten letter' });

it('stands to the right, and to the left near the edge', () => {
  const labels = placeLabels([spot('a', 100, 100), spot('b', 280, 200)], rules);
  expect(labels.get('a')).toEqual({ x: 109, y: 100, anchor: 'start' });
  expect(labels.get('b')).toEqual({ x: 271, y: 200, anchor: 'end' });
});

it('gives way to a point, to another name and to what is written', () => {
  const crowded = placeLabels([spot('a', 100, 100), spot('b', 130, 100), spot('c', 70, 100)], rules);
  expect(crowded.has('a')).toBe(false);
  const named = placeLabels([spot('a', 100, 100), spot('b', 100, 106)], { ...rules, most: 10 });
  expect(named.get('a')?.anchor === named.get('b')?.anchor).toBe(false);
  const taken = [{ left: 0, top: 90, right: 300, bottom: 110 }];
  expect(placeLabels([spot('a', 100, 100)], { ...rules, taken }).size).toBe(0);
});

it('stops at the most it may place', () => {
  const labels = placeLabels([spot('a', 100, 50), spot('b', 100, 150), spot('c', 100, 250)], {
    ...rules,
    most: 2,
  });
  expect([...labels.keys()]).toEqual(['a', 'b']);
});
