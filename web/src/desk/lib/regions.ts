// A client's region tree as the flat, indented list that a select can show.
import type { Region } from '../../api/types';

export interface RegionChoice {
  id: string;
  name: string;
  depth: number;
}

/** Parents before their children, siblings by name; a region whose parent is not in the reader's scope stands at the top. */
export function regionChoices(regions: readonly Region[], language: string): RegionChoice[] {
  const collator = new Intl.Collator(language);
  const known = new Set(regions.map((region) => region.id));
  const children = (parent: string | undefined) =>
    regions
      .filter((region) => (region.parent && known.has(region.parent) ? region.parent : undefined) === parent)
      .sort((a, b) => collator.compare(a.name, b.name));
  const walk = (parent: string | undefined, depth: number): RegionChoice[] =>
    children(parent).flatMap((region) => [
      { id: region.id, name: region.name, depth },
      ...walk(region.id, depth + 1),
    ]);
  return walk(undefined, 0);
}
