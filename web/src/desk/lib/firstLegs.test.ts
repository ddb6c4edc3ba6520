// Only a visit that can have come before is offered as the first of two.
import { expect, it } from 'vitest';
import type { VisitRow } from '../../api/types';
import { firstLegs, passed } from './firstLegs';

const visit = (id: string, change: Partial<VisitRow> = {}): VisitRow => ({
  id,
  campaign: 'c',
  campaign_name: 'C',
  checklist_sha256: 'first',
  client_name: 'Client',
  currency: 'EUR',
  local_closes: '2026-11-10T18:00',
  local_opens: '2026-11-10T11:00',
  location: 'here',
  location_city: 'City',
  location_name: 'Here',
  pay_minor: 0,
  state: 'approved',
  time_zone: 'Europe/Amsterdam',
  ...change,
});
const wanted = { versions: new Set(['first']), location: 'here', day: '2026-11-20', days_max: 14 };

it('elsewhere, with another checklist, withdrawn, later or too long ago is none', () => {
  const visits = [
    visit('old', { local_opens: '2026-11-05T23:59' }),
    visit('oldest', { local_opens: '2026-11-06T00:00' }),
    visit('elsewhere', { location: 'there' }),
    visit('other', { checklist_sha256: 'second' }),
    visit('gone', { state: 'withdrawn' }),
    visit('later', { local_opens: '2026-11-21T09:00' }),
    visit('latest', { local_opens: '2026-11-20T09:00' }),
    visit('plain'),
  ];
  expect(firstLegs(visits, wanted).map((one) => one.id)).toEqual(['latest', 'plain', 'oldest']);
  const any = { ...wanted, days_max: undefined };
  expect(firstLegs(visits, any).map((one) => one.id)).toContain('old');
});

it('the search ends a day beyond what may be, for time zones', () => {
  expect(passed(visit('a', { local_opens: '2026-11-05T12:00' }), '2026-11-20', 14)).toBe(false);
  expect(passed(visit('a', { local_opens: '2026-11-04T12:00' }), '2026-11-20', 14)).toBe(true);
  expect(passed(visit('a', { local_opens: '2020-01-01T12:00' }), '2026-11-20', undefined)).toBe(false);
});
