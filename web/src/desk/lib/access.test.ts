// Navigation shows what a person's grants open, and all of it to someone with several.
import { expect, it } from 'vitest';
import { homeFor, pagesFor, rolesOf } from './access';

it('a client reads rankings and reports, and nothing of the agency', () => {
  expect(pagesFor([{ role: 'client', client: 'c' }])).toEqual(['ranking', 'reports']);
  expect(homeFor([{ role: 'client', client: 'c' }])).toBe('ranking');
});

it('a reviewer begins with the queue', () => {
  expect(pagesFor([{ role: 'reviewer' }])).toEqual(['ranking', 'reports', 'review', 'quarantine']);
  expect(homeFor([{ role: 'reviewer' }])).toBe('review');
});

it('several grants add up, each page once', () => {
  const grants = [{ role: 'manager' as const }, { role: 'reviewer' as const }, { role: 'client' as const }];
  expect(pagesFor(grants)).toEqual(['ranking', 'reports', 'review', 'quarantine']);
  expect(rolesOf(grants)).toEqual(['reviewer', 'client', 'manager']);
});

it('a shopper has no page on the desk', () => {
  expect(pagesFor([{ role: 'shopper' }])).toEqual([]);
  expect(homeFor([{ role: 'shopper' }])).toBeUndefined();
});
