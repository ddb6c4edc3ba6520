// Versions of checklists put in order, and which of them a campaign uses on a day. Pure: days are `2026-12-01`.
import type { VersionRow, VersionStep } from '../../api/desk';

export interface Family {
  slug: string;
  /** Called as its newest version is. */
  title: Record<string, string>;
  industry: string;
  /** The checklist of the first leg, where the newest version is a second one. */
  follows: string | undefined;
  /** The newest first. */
  versions: VersionRow[];
}

/** Checklists with their versions; those that are all retired come last, and beside that by slug. */
export function families(rows: readonly VersionRow[]): Family[] {
  const bySlug = new Map<string, VersionRow[]>();
  for (const row of rows) bySlug.set(row.slug, [...(bySlug.get(row.slug) ?? []), row]);
  const all = [...bySlug.entries()].map(([slug, found]): Family => {
    const versions = [...found].sort((a, b) => b.version - a.version);
    const newest = versions[0]!;
    return {
      slug,
      title: newest.title,
      industry: newest.industry,
      follows: newest.follows ?? undefined,
      versions,
    };
  });
  const over = (family: Family) => family.versions.every((version) => version.retired_at);
  return all.sort((a, b) => Number(over(a)) - Number(over(b)) || a.slug.localeCompare(b.slug));
}

/** What a campaign's visits of a day are filled in with. */
export function versionOn(steps: readonly VersionStep[], day: string): string | undefined {
  const begun = steps.filter((step) => !step.from_day || step.from_day <= day);
  return (begun.at(-1) ?? steps[0])?.checklist_sha256;
}

/** Versions that a campaign of this checklist can move to, the newest first. */
export function inUse(rows: readonly VersionRow[], slug: string): VersionRow[] {
  return rows.filter((row) => row.slug === slug && !row.retired_at).sort((a, b) => b.version - a.version);
}

/** The version before this one among those there are; none before the first. */
export function before(rows: readonly VersionRow[], row: VersionRow): VersionRow | undefined {
  return rows
    .filter((other) => other.slug === row.slug && other.version < row.version)
    .sort((a, b) => b.version - a.version)[0];
}
