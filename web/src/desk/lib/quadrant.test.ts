// Each location is in one corner, and every point can be reached with the arrow keys.
import { describe, expect, it } from 'vitest';
import type { RankingRow } from '../../api/types';
import { byDistance, neighbour, quadrant, type Direction } from './quadrant';

function row(location: string, service: number | null, experience: number | null): RankingRow {
  return {
    location,
    name: location,
    city: '',
    region: '',
    region_name: '',
    n: 4,
    mean_micros: 0,
    service_micros: service,
    experience_micros: experience,
    balanced_micros: null,
    estimate_micros: 0,
    low_micros: 0,
    high_micros: 0,
    rank: 1,
    rank_low: 1,
    rank_high: 1,
    tie_band: 1,
    p_top: 0,
    p_bottom: 0,
    visits_needed: 0,
    movement: null,
  };
}

describe('corners', () => {
  it('are cut at the middle location', () => {
    const picture = quadrant([
      row('a', 900_000, 900_000),
      row('b', 900_000, 600_000),
      row('c', 600_000, 900_000),
      row('d', 600_000, 600_000),
    ]);
    expect(picture?.service_line_micros).toBe(750_000);
    expect(picture?.points.map((p) => p.corner)).toEqual([
      'both_good',
      'experience_behind',
      'service_behind',
      'both_behind',
    ]);
  });
  it('leave out a location that lacks one of the two', () => {
    expect(quadrant([row('a', 900_000, null)])).toBeNull();
  });
});

describe('arrow keys', () => {
  const points = quadrant(
    Array.from({ length: 60 }, (_, i) =>
      row(`p${i}`, 500_000 + ((i * 7919) % 401) * 1000, 500_000 + ((i * 104729) % 397) * 1000),
    ),
  )!.points;
  it('go where they point', () => {
    const right = neighbour(points, 0, 'right');
    if (right >= 0) expect(points[right]!.x).toBeGreaterThan(points[0]!.x);
    const up = neighbour(points, 0, 'up');
    if (up >= 0) expect(points[up]!.y).toBeGreaterThan(points[0]!.y);
  });
  it('reach nearly all points from the first', () => {
    const seen = new Set([0]);
    const queue = [0];
    for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
      for (const direction of ['left', 'right', 'up', 'down'] as Direction[]) {
        const next = neighbour(points, at, direction);
        if (next >= 0 && !seen.has(next)) {
          seen.add(next);
          queue.push(next);
        }
      }
    }
    expect(seen.size).toBeGreaterThan(55);
  });
  it('step through points on one spot', () => {
    const same = quadrant([row('a', 800_000, 800_000), row('b', 800_000, 800_000)])!.points;
    expect(neighbour(same, 0, 'right')).toBe(1);
    expect(neighbour(same, 1, 'right')).toBe(-1);
  });
});

it('names the most telling locations first', () => {
  const picture = quadrant([
    row('a', 800_000, 790_000),
    row('b', 500_000, 500_000),
    row('c', 820_000, 810_000),
  ])!;
  expect(byDistance(picture)[0]?.location).toBe('b');
});
