// The service × experience picture: where its lines stand, which corner a location is in, and which point the arrow keys reach.
// Not the drawing.
import type { RankingRow } from '../../api/types';
import { scoreDomain, share, type Domain } from './scale';

export interface Point {
  location: string;
  name: string;
  n: number;
  service_micros: number;
  experience_micros: number;
  /** 0..1 from the left (service) and from the bottom (experience). */
  x: number;
  y: number;
  corner: Corner;
}
export type Corner = 'both_good' | 'service_behind' | 'experience_behind' | 'both_behind';
export const corners: readonly Corner[] = ['both_good', 'experience_behind', 'service_behind', 'both_behind'];

export interface Quadrant {
  domain: Domain;
  service_line_micros: number;
  experience_line_micros: number;
  points: Point[];
}

/** Lines stand at the middle location's service and experience. Both axes share one domain, or one dimension would look wider spread than it is. */
export function quadrant(rows: readonly RankingRow[]): Quadrant | null {
  const both = rows.flatMap((row) =>
    row.service_micros === null || row.experience_micros === null
      ? []
      : [{ row, service: row.service_micros, experience: row.experience_micros }],
  );
  if (both.length === 0) return null;
  const domain = scoreDomain(both.flatMap((b) => [b.service, b.experience]));
  const serviceLine = median(both.map((b) => b.service));
  const experienceLine = median(both.map((b) => b.experience));
  const points = both.map(({ row, service, experience }) => ({
    location: row.location,
    name: row.name,
    n: row.n,
    service_micros: service,
    experience_micros: experience,
    x: share(service, domain),
    y: share(experience, domain),
    corner: cornerOf(service >= serviceLine, experience >= experienceLine),
  }));
  return { domain, service_line_micros: serviceLine, experience_line_micros: experienceLine, points };
}

function cornerOf(serviceGood: boolean, experienceGood: boolean): Corner {
  if (serviceGood) return experienceGood ? 'both_good' : 'experience_behind';
  return experienceGood ? 'service_behind' : 'both_behind';
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : Math.round(((sorted[middle - 1] ?? 0) + upper) / 2);
}

export type Direction = 'left' | 'right' | 'up' | 'down';

/** The nearest point within the quarter plane of an arrow key, sideways distance counting double; -1 where there is none. */
export function neighbour(points: readonly Point[], from: number, direction: Direction): number {
  const start = points[from];
  if (!start) return points.length > 0 ? 0 : -1;
  let best = -1;
  let bestCost = Infinity;
  points.forEach((point, index) => {
    if (index === from) return;
    const dx = point.x - start.x;
    const dy = point.y - start.y;
    const ahead = { left: -dx, right: dx, up: dy, down: -dy }[direction];
    const aside = Math.abs(direction === 'left' || direction === 'right' ? dy : dx);
    // Points on the same spot are stepped through in their order, or one would hide the other for ever.
    const same = dx === 0 && dy === 0;
    if (
      same
        ? !(index > from && (direction === 'right' || direction === 'down'))
        : ahead <= 0 || aside > ahead * 1.5
    )
      return;
    const cost = same ? -1 : ahead + 2 * aside;
    if (cost < bestCost) {
      best = index;
      bestCost = cost;
    }
  });
  return best;
}

/** The most telling points first: those farthest from the crossing of the two lines. */
export function byDistance(picture: Quadrant): Point[] {
  const x = share(picture.service_line_micros, picture.domain);
  const y = share(picture.experience_line_micros, picture.domain);
  return [...picture.points].sort((a, b) => Math.hypot(b.x - x, b.y - y) - Math.hypot(a.x - x, a.y - y));
}
