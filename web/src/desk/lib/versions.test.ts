// Versions in order, and the one that counts on a day.
import { describe, expect, it } from 'vitest';
import type { VersionRow } from '../../api/desk';
import { before, families, inUse, versionOn } from './versions';

const row = (slug: string, version: number, change: Partial<VersionRow> = {}): VersionRow => ({
  slug,
  version,
  sha256: `${slug}${version}`,
  title: { en: `${slug} ${version}` },
  industry: 'retail',
  languages: ['en'],
  partial_languages: [],
  sections: 1,
  questions: 2,
  published_at: '2026-11-01T00:00:00Z',
  ...change,
});

describe('families', () => {
  it('are called as their newest version is, whatever the order they come in', () => {
    const [family] = families([row('shop', 2), row('shop', 10, { follows: 'cafe' }), row('shop', 1)]);
    expect(family?.versions.map((version) => version.version)).toEqual([10, 2, 1]);
    expect(family?.title).toEqual({ en: 'shop 10' });
    expect(family?.follows).toBe('cafe');
  });
  it('that are all retired come last', () => {
    const retired_at = '2026-11-02T00:00:00Z';
    const all = families([row('a', 1, { retired_at }), row('b', 1, { retired_at }), row('b', 2)]);
    expect(all.map((family) => family.slug)).toEqual(['b', 'a']);
  });
});

it('the last step that has begun counts, and the first before all', () => {
  const steps = [
    { checklist_sha256: 'one' },
    { checklist_sha256: 'two', from_day: '2026-10-01' },
    { checklist_sha256: 'three', from_day: '2026-11-01' },
  ];
  expect(versionOn(steps, '2026-09-30')).toBe('one');
  expect(versionOn(steps, '2026-10-01')).toBe('two');
  expect(versionOn(steps, '2026-12-24')).toBe('three');
  expect(versionOn([], '2026-12-24')).toBeUndefined();
});

it('a campaign moves to versions of its own checklist that are in use', () => {
  const rows = [row('a', 1), row('a', 3), row('a', 2, { retired_at: 'then' }), row('b', 9)];
  expect(inUse(rows, 'a').map((version) => version.version)).toEqual([3, 1]);
});

it('the version before is the nearest lower one', () => {
  const rows = [row('a', 1), row('a', 5), row('a', 3), row('b', 4)];
  expect(before(rows, rows[1]!)?.version).toBe(3);
  expect(before(rows, rows[0]!)).toBeUndefined();
});
