// What a file holds is said in full, and asking again asks for the same.
import { expect, it } from 'vitest';
import { aboutBundle, sameAgain } from './bundles';

const words = {
  allRegions: 'all regions',
  allClients: 'all clients',
  anyDay: 'all days',
  from: (day: string) => `from ${day}`,
  to: (day: string) => `up to ${day}`,
  campaign: (name: string) => `campaign ${name}`,
};
const about = (filter: Parameters<typeof aboutBundle>[0]) =>
  aboutBundle(filter, words, 'en-GB', (day) => day);

it('says client, campaign, place and days', () => {
  expect(about({})).toBe('all clients · all regions · all days');
  expect(about({ client_name: 'Café', region_name: 'North', from: '2026-09-01', to: '2026-09-30' })).toMatch(
    /^Café · North · 1\s?–\s?30 Sept 2026$/,
  );
  expect(
    about({ client_name: 'Café', campaign_name: 'Autumn', location_name: 'Dam', from: '2026-09-01' }),
  ).toBe('Café · campaign Autumn · Dam · from 2026-09-01');
  expect(about({ to: '2026-09-30' })).toContain('up to 2026-09-30');
});

it('asks again for the same, without names', () => {
  expect(sameAgain({ client: 'c', client_name: 'Café', region: null, from: '2026-09-01' })).toEqual({
    client: 'c',
    from: '2026-09-01',
  });
});
