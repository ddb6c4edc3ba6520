// The drawn rows and the two spacers always add up to the whole table.
import { expect, it } from 'vitest';
import { visibleSlice } from './windowed';

it('draws what is seen and a little more', () => {
  const slice = visibleSlice(2000, 44, 44 * 500, 880, 10);
  expect(slice.first).toBe(490);
  expect(slice.end).toBe(530);
  expect(slice.above_px).toBe(490 * 44);
});

it('adds up wherever it is scrolled', () => {
  for (const top of [-5000, -1, 0, 1, 43, 10_000, 87_990, 500_000]) {
    const slice = visibleSlice(2000, 44, top, 900);
    expect(slice.above_px + (slice.end - slice.first) * 44 + slice.below_px).toBe(2000 * 44);
    expect(slice.first).toBeGreaterThanOrEqual(0);
    expect(slice.end).toBeLessThanOrEqual(2000);
  }
});

it('draws a short table whole', () => {
  expect(visibleSlice(24, 44, 0, 900)).toEqual({ first: 0, end: 24, above_px: 0, below_px: 0 });
});
