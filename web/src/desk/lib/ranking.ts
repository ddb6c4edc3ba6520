// What the ranking page does with the server's rows: set apart, order, search, name the bands.
// No statistics: estimates, intervals, ranks and bands come from the server and are only arranged here.
import type { RankingRow } from '../../api/types';
import { roundDiv } from '../../ui/format';
import { scoreDomain, type Domain } from './scale';

export const sortKeys = ['rank', 'name', 'n', 'mean', 'service', 'experience'] as const;
export type SortKey = (typeof sortKeys)[number];
export interface Sort {
  key: SortKey;
  descending: boolean;
}

export interface Parted {
  placed: RankingRow[];
  waiting: RankingRow[];
}

/** Rows with a place, and apart those with too few visits for one. */
export function part(rows: readonly RankingRow[]): Parted {
  return {
    placed: rows.filter((row) => row.rank !== null),
    waiting: rows.filter((row) => row.rank === null),
  };
}

/** The plot's domain: intervals and raw means of everything that is drawn. */
export function plotDomain(rows: readonly RankingRow[]): Domain {
  return scoreDomain(rows.flatMap((row) => [row.low_micros, row.high_micros, row.mean_micros]));
}

/** Band 1 is A, 26 is Z, 27 is AA. */
export function bandName(band: number | null): string {
  if (band === null || band < 1) return '';
  let name = '';
  for (let rest = band; rest > 0; rest = Math.floor((rest - 1) / 26)) {
    name = String.fromCharCode(65 + ((rest - 1) % 26)) + name;
  }
  return name;
}

/** The server counts bands from wherever it likes; the reader's first band is A. */
export function bandNames(rows: readonly RankingRow[]): Map<string, string> {
  const seen = new Map<number, string>();
  const names = new Map<string, string>();
  for (const row of rows) {
    if (row.tie_band === null) continue;
    const known = seen.get(row.tie_band) ?? bandName(seen.size + 1);
    seen.set(row.tie_band, known);
    names.set(row.location, known);
  }
  return names;
}

/** A movement is shown only when it is more likely real than not by a wide margin. */
export function shownMovement(row: RankingRow): { change_micros: number; probability: number } | null {
  const movement = row.movement;
  // A change that is written as 0.0 has no direction to point in.
  if (!movement || movement.probability <= 0.9 || roundDiv(movement.estimate_change_micros, 1000) === 0)
    return null;
  return { change_micros: movement.estimate_change_micros, probability: movement.probability };
}

/** Places `3–9`, or one place when both ends agree. */
export function rankInterval(row: RankingRow): string {
  if (row.rank_low === null || row.rank_high === null) return '';
  return row.rank_low === row.rank_high ? `${row.rank_low}` : `${row.rank_low}–${row.rank_high}`;
}

export function sortRows(rows: readonly RankingRow[], sort: Sort, language: string): RankingRow[] {
  const collator = new Intl.Collator(language, { numeric: true });
  const sign = sort.descending ? -1 : 1;
  const value = (row: RankingRow): number | null => {
    switch (sort.key) {
      case 'n':
        return row.n;
      case 'mean':
        return row.mean_micros;
      case 'service':
        return row.service_micros;
      case 'experience':
        return row.experience_micros;
      default:
        return row.rank;
    }
  };
  return [...rows].sort((a, b) => {
    if (sort.key === 'name') return sign * collator.compare(a.name, b.name);
    const [x, y] = [value(a), value(b)];
    // What has no figure stands at the end, whichever way the rest is turned.
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    return sign * (x - y) || (a.rank ?? 0) - (b.rank ?? 0);
  });
}

/** Rows whose name, city or region holds every word of the text, without regard to case or accents. */
export function findRows(rows: readonly RankingRow[], text: string): RankingRow[] {
  const words = plainText(text).split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...rows];
  return rows.filter((row) => {
    const hay = plainText(`${row.name} ${row.city} ${row.region_name}`);
    return words.every((word) => hay.includes(word));
  });
}

function plainText(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
