// Only changed weights are written, and shares are parts of all.
import { expect, it } from 'vitest';
import { reweightingYaml, share } from './reweighting';

const weights = [
  { id: 'welcome', before: 20, now: 40 },
  { id: 'food', before: 60, now: 60 },
  { id: 'bill', before: 20, now: 0 },
];

it('writes what differs', () => {
  expect(reweightingYaml(weights)).toBe('sections:\n  welcome: 40    # was 20\n  bill: 0        # was 20\n');
  expect(reweightingYaml(weights.map((one) => ({ ...one, now: one.before })))).toBe('');
});
it('a share is what a section is of all', () => {
  expect(share(weights, 'welcome')).toBe(400_000);
  expect(share(weights, 'bill')).toBe(0);
  expect(share([{ id: 'a', before: 1, now: 0 }], 'a')).toBeNull();
});
