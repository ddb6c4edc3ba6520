// Rows are arranged, never re-ranked; what cannot be told apart stays together.
import { describe, expect, it } from 'vitest';
import type { RankingRow } from '../../api/types';
import * as ranking from './ranking';

function row(change: Partial<RankingRow>): RankingRow {
  return {
    location: 'l',
    name: 'Name',
    city: 'City',
    region: 'r',
    region_name: 'Region',
    n: 5,
    mean_micros: 800_000,
    service_micros: 800_000,
    experience_micros: 800_000,
    balanced_micros: 800_000,
    estimate_micros: 800_000,
    low_micros: 750_000,
    high_micros: 850_000,
    rank: 1,
    rank_low: 1,
    rank_high: 3,
    tie_band: 1,
    p_top: 0.5,
    p_bottom: 0,
    visits_needed: 0,
    movement: null,
    ...change,
  };
}

it('sets rows without a place apart', () => {
  const parts = ranking.part([row({ rank: 1 }), row({ rank: null, visits_needed: 2 })]);
  expect(parts.placed).toHaveLength(1);
  expect(parts.waiting[0]?.visits_needed).toBe(2);
});

it('draws raw means that lie outside the interval', () => {
  expect(ranking.plotDomain([row({ mean_micros: 990_000 })])).toEqual({ low: 750_000, high: 1_000_000 });
});

describe('bands', () => {
  it('are named in the order they come', () => {
    const names = ranking.bandNames([
      row({ location: 'a', tie_band: 4 }),
      row({ location: 'b', tie_band: 4 }),
      row({ location: 'c', tie_band: 9 }),
      row({ location: 'd', tie_band: null }),
    ]);
    expect([...names]).toEqual([
      ['a', 'A'],
      ['b', 'A'],
      ['c', 'B'],
    ]);
  });
  it('go on after Z', () => {
    expect(ranking.bandName(26)).toBe('Z');
    expect(ranking.bandName(27)).toBe('AA');
    expect(ranking.bandName(53)).toBe('BA');
  });
});

describe('movement', () => {
  const movement = (probability: number) =>
    row({ movement: { estimate_change_micros: 32_000, probability } });
  it('is shown only above 0.9', () => {
    expect(ranking.shownMovement(movement(0.9))).toBeNull();
    expect(ranking.shownMovement(movement(0.91))).toEqual({ change_micros: 32_000, probability: 0.91 });
    expect(ranking.shownMovement(row({}))).toBeNull();
    const tiny = row({ movement: { estimate_change_micros: 400, probability: 0.99 } });
    expect(ranking.shownMovement(tiny)).toBeNull();
  });
});

it('writes one place when both ends agree', () => {
  expect(ranking.rankInterval(row({ rank_low: 2, rank_high: 2 }))).toBe('2');
  expect(ranking.rankInterval(row({ rank_low: 1, rank_high: 9 }))).toBe('1–9');
});

describe('order and search', () => {
  const rows = [
    row({ name: 'Utrecht 10', rank: 1, service_micros: null }),
    row({ name: 'Utrecht 2', rank: 2, service_micros: 600_000 }),
    row({ name: 'Café Áron', city: 'Gent', rank: 3, service_micros: 700_000 }),
  ];
  it('keeps rows without a figure last both ways', () => {
    const names = (descending: boolean) =>
      ranking.sortRows(rows, { key: 'service', descending }, 'en').map((r) => r.rank);
    expect(names(true)).toEqual([3, 2, 1]);
    expect(names(false)).toEqual([2, 3, 1]);
  });
  it('sorts numbers in names as numbers', () => {
    const names = ranking.sortRows(rows, { key: 'name', descending: false }, 'en').map((r) => r.name);
    expect(names).toEqual(['Café Áron', 'Utrecht 2', 'Utrecht 10']);
  });
  it('finds without accents, by every word', () => {
    expect(ranking.findRows(rows, 'aron gent')).toHaveLength(1);
    expect(ranking.findRows(rows, 'utrecht gent')).toHaveLength(0);
    expect(ranking.findRows(rows, ' ')).toHaveLength(3);
  });
});
