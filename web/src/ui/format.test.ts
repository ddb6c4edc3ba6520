// What people read: rounding happens once, half away from zero, and locales keep their marks.

import { expect, it } from 'vitest';
import {
  bytes,
  distance,
  duration,
  local,
  milli,
  minorDigits,
  money,
  percent,
  points,
  roundDiv,
} from './format';

it('rounds half away from zero, on integers', () => {
  expect([roundDiv(5, 10), roundDiv(-5, 10), roundDiv(4, 10), roundDiv(14, 10), roundDiv(15, 10)]).toEqual([
    1, -1, 0, 1, 2,
  ]);
});

it('shows micros as a percentage, rounded once', () => {
  expect(percent(875_000, 'en-GB')).toBe('87.5%');
  expect(percent(874_499, 'en-GB', 0)).toBe('87%');
  expect(percent(875_000, 'en-GB', 0)).toBe('88%');
  expect(percent(885_000, 'en-GB', 0)).toBe('89%');
  expect(percent(null, 'en-GB')).toBe('–');
  expect(percent(875_000, 'nl-NL')).toBe('87,5%');
  expect(points(666_667, 'nl-NL')).toBe('66,7');
});

it('shows points, money and time', () => {
  expect(milli(2500, 'en')).toBe('2.5');
  expect(money(1250, 'EUR', 'en-GB')).toBe('€12.50');
  expect(money(1250, 'JPY', 'en-GB')).toBe('JP¥1,250');
  expect(minorDigits('EUR')).toBe(2);
  expect([duration(45_000), duration(725_000), duration(3_725_000), duration(4_250, true)]).toEqual([
    '0:45',
    '12:05',
    '1:02:05',
    '0:04.2',
  ]);
  expect([
    bytes(999, 'en'),
    bytes(38_400, 'en'),
    bytes(1_430_000, 'en'),
    bytes(10_738_000_000, 'en'),
  ]).toEqual(['999 B', '38 kB', '1.4 MB', '10.7 GB']);
});

it('shows a local time as it stands, whatever the zone of the reader', () => {
  expect(local('2026-11-22T11:00', 'time', 'en-GB')).toBe('11:00');
  expect(local('2026-11-22', 'date', 'en-GB')).toBe('22 Nov 2026');
});

it('distances in metres, then kilometres', () => {
  const shown = [0, 40, 999, 1000, 1250, 9_950, 38_400].map((value_m) => distance(value_m, 'en'));
  expect(shown).toEqual(['0 m', '40 m', '999 m', '1 km', '1.3 km', '10 km', '38 km']);
  expect(distance(1250, 'nl')).toBe('1,3 km');
});
