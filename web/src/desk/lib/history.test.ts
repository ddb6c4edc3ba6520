// Time runs to scale, and what is missing stays missing.
import { expect, it } from 'vitest';
import { history, linePath } from './history';

const entry = (local_day: string, service: number | null) => ({
  audit: local_day,
  local_day,
  total_micros: 800_000,
  service_micros: service,
  experience_micros: 700_000,
  failed: false,
});

it('puts audits in the order of their days, to scale', () => {
  const h = history(
    [entry('2026-11-30', 900_000), entry('2026-11-01', 800_000), entry('2026-11-15', 850_000)],
    '2026-11-01',
    '2026-11-29',
  );
  expect(h.points.map((p) => p.x)).toEqual([0, 0.5, 1]);
  expect(h.domain).toEqual({ low: 700_000, high: 900_000 });
});

it('breaks a line where a score is missing', () => {
  const h = history(
    [
      entry('2026-11-01', 900_000),
      entry('2026-11-02', null),
      entry('2026-11-03', 700_000),
      entry('2026-11-05', 900_000),
    ],
    '2026-11-01',
    '2026-11-05',
  );
  expect(linePath(h.points, 'service', 100, 100)).toBe('M0.0 0.0M50.0 100.0L100.0 0.0');
});

it('has nothing to draw without audits', () => {
  expect(linePath(history([], '2026-11-01', '2026-11-05').points, 'total', 100, 100)).toBe('');
});
