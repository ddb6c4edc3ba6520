// A plot must hold all its values, and its ticks must be round numbers.
import { describe, expect, it } from 'vitest';
import { across, monthTicks, scoreDomain, scoreTicks, share } from './scale';

describe('domain', () => {
  it('holds every value, on whole steps', () => {
    expect(scoreDomain([612_345, 873_000])).toEqual({ low: 600_000, high: 900_000 });
    expect(scoreDomain([250_000, 990_000])).toEqual({ low: 200_000, high: 1_000_000 });
  });
  it('is never tighter than ten points, nor outside 0..100 %', () => {
    expect(scoreDomain([1_000_000, 1_000_000])).toEqual({ low: 900_000, high: 1_000_000 });
    expect(scoreDomain([0])).toEqual({ low: 0, high: 100_000 });
    expect(scoreDomain([])).toEqual({ low: 0, high: 1_000_000 });
  });
  it('takes many values', () => {
    const many = Array.from({ length: 200_000 }, (_, i) => i);
    expect(scoreDomain(many)).toEqual({ low: 0, high: 200_000 });
  });
});

describe('places', () => {
  it('are shares of the domain, kept inside', () => {
    const domain = { low: 600_000, high: 900_000 };
    expect(share(750_000, domain)).toBe(0.5);
    expect(share(100_000, domain)).toBe(0);
    expect(across(675_000, domain)).toBe('25.00%');
  });
});

describe('ticks', () => {
  it('are round and not too many', () => {
    expect(scoreTicks({ low: 600_000, high: 900_000 })).toEqual([
      600_000, 650_000, 700_000, 750_000, 800_000, 850_000, 900_000,
    ]);
    expect(scoreTicks({ low: 0, high: 1_000_000 })).toEqual([
      0, 200_000, 400_000, 600_000, 800_000, 1_000_000,
    ]);
  });
  it('are month beginnings, thinned', () => {
    expect(monthTicks('2026-09-15', '2026-12-01')).toEqual(['2026-10-01', '2026-11-01', '2026-12-01']);
    expect(monthTicks('2025-01-01', '2026-12-31', 8)).toHaveLength(8);
    expect(monthTicks('2026-11-02', '2026-11-30')).toEqual([]);
  });
});
