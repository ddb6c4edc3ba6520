// Both ends of a period count, and quarters end on their last day.
import { describe, expect, it } from 'vitest';
import { addDays, daysIn, isDay, periodOf } from './period';

describe('presets', () => {
  it('count today as one of the thirty days', () => {
    const period = periodOf('last30', '2026-11-22');
    expect(period).toEqual({ from: '2026-10-24', to: '2026-11-22' });
    expect(daysIn(period)).toBe(30);
  });
  it('know quarters, also across the turn of the year', () => {
    expect(periodOf('thisQuarter', '2026-11-22')).toEqual({ from: '2026-10-01', to: '2026-12-31' });
    expect(periodOf('lastQuarter', '2026-02-03')).toEqual({ from: '2025-10-01', to: '2025-12-31' });
    expect(periodOf('lastQuarter', '2026-05-31')).toEqual({ from: '2026-01-01', to: '2026-03-31' });
  });
  it('repair a half-given custom period', () => {
    expect(periodOf('custom', '2026-11-22', { from: '2026-11-01' })).toEqual({
      from: '2026-11-01',
      to: '2026-11-22',
    });
    expect(periodOf('custom', '2026-11-22', { from: '2026-02-30' }).from).toBe('2026-08-25');
  });
});

describe('days', () => {
  it('cross leap days', () => {
    expect(addDays('2028-02-28', 1)).toBe('2028-02-29');
    expect(addDays('2028-03-01', -1)).toBe('2028-02-29');
  });
  it('refuse what is no day', () => {
    expect(isDay('2026-02-30')).toBe(false);
    expect(isDay('22-11-2026')).toBe(false);
    expect(isDay('2026-02-28')).toBe(true);
  });
  it('tell a reversed period', () => {
    expect(daysIn({ from: '2026-11-22', to: '2026-11-20' })).toBeLessThan(1);
  });
});
