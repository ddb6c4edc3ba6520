// A location's scores over time: where each audit stands and the lines between them. Not the drawing.
import type { LocationSummary } from '../../api/types';
import { scoreDomain, share, type Domain } from './scale';

export type HistoryEntry = LocationSummary['history'][number];
export const seriesNames = ['total', 'service', 'experience'] as const;
export type SeriesName = (typeof seriesNames)[number];

export interface HistoryPoint {
  entry: HistoryEntry;
  /** 0..1 from the left. */
  x: number;
  total: number | null;
  service: number | null;
  experience: number | null;
}
export interface History {
  domain: Domain;
  from: string;
  to: string;
  points: HistoryPoint[];
}

/** Oldest first; `from` and `to` bound the time axis, so that a gap looks like one. Heights are 0..1 from the bottom. */
export function history(entries: readonly HistoryEntry[], from: string, to: string): History {
  const sorted = [...entries].sort((a, b) => a.local_day.localeCompare(b.local_day));
  const domain = scoreDomain(
    sorted.flatMap((entry) =>
      [entry.total_micros, entry.service_micros, entry.experience_micros].filter((v) => v !== null),
    ),
  );
  const time: Domain = { low: Date.parse(from), high: Date.parse(to) };
  const height = (micros: number | null) => (micros === null ? null : share(micros, domain));
  return {
    domain,
    from,
    to,
    points: sorted.map((entry) => ({
      entry,
      x: share(Date.parse(entry.local_day), time),
      total: height(entry.total_micros),
      service: height(entry.service_micros),
      experience: height(entry.experience_micros),
    })),
  };
}

/** An SVG path in a box of the given size; a missing score breaks the line instead of being drawn through. */
export function linePath(
  points: readonly HistoryPoint[],
  name: SeriesName,
  width: number,
  height: number,
): string {
  let path = '';
  let pen = 'M';
  for (const point of points) {
    const value = point[name];
    if (value === null) {
      pen = 'M';
      continue;
    }
    path += `${pen}${(point.x * width).toFixed(1)} ${((1 - value) * height).toFixed(1)}`;
    pen = 'L';
  }
  return path;
}
