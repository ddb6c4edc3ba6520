// Scales and ticks of the plots. Pure: numbers in, numbers out; nothing is drawn here.

export interface Domain {
  low: number;
  high: number;
}

/** Where a value lies in a domain, 0..1, kept inside it. */
export function share(value: number, domain: Domain): number {
  const width = domain.high - domain.low;
  if (width <= 0) return 0.5;
  return Math.min(1, Math.max(0, (value - domain.low) / width));
}

/** The same as a coordinate for SVG, `43.21%`: it follows the width without measuring it. */
export function across(value: number, domain: Domain): string {
  return `${(share(value, domain) * 100).toFixed(2)}%`;
}

/**
 * A domain of scores (millionths) that holds all values, opened to whole steps and never wider than 0..100 %.
 * At least 10 points wide, so that a tight group does not look torn apart.
 */
export function scoreDomain(values: readonly number[]): Domain {
  const low = Math.min(...bounds(values));
  const high = Math.max(...bounds(values));
  const step = high - low > 300_000 ? 100_000 : 50_000;
  let from = Math.max(0, Math.floor(low / step) * step);
  let to = Math.min(1_000_000, Math.ceil(high / step) * step);
  while (to - from < 100_000) {
    from = Math.max(0, from - step);
    to = Math.min(1_000_000, to + step);
  }
  return { low: from, high: to };
}

// Spreading thousands of values into Math.min costs stack; two passes do not.
function bounds(values: readonly number[]): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low === Infinity ? [0, 1_000_000] : [low, high];
}

/** Ticks of a score domain: the smallest step of 5, 10 or 20 points that gives no more than `most` of them. */
export function scoreTicks(domain: Domain, most = 8): number[] {
  const steps = [50_000, 100_000, 200_000];
  const step = steps.find((s) => Math.floor((domain.high - domain.low) / s) + 1 <= most) ?? 250_000;
  const ticks: number[] = [];
  for (let at = Math.ceil(domain.low / step) * step; at <= domain.high; at += step) ticks.push(at);
  return ticks;
}

/** Month beginnings within a range of days, thinned to at most `most`. */
export function monthTicks(from: string, to: string, most = 8): string[] {
  const months: string[] = [];
  let year = Number(from.slice(0, 4));
  let month = Number(from.slice(5, 7));
  if (Number(from.slice(8, 10)) > 1) month += 1;
  for (;;) {
    if (month > 12) {
      month -= 12;
      year += 1;
    }
    const day = `${year}-${String(month).padStart(2, '0')}-01`;
    if (day > to) break;
    months.push(day);
    month += 1;
  }
  const every = Math.ceil(months.length / most);
  return months.filter((_, index) => index % every === 0);
}
