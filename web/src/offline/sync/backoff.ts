// How long to wait after a round that failed. Pure: chance is an argument.

export const FIRST_MS = 2_000;
export const LONGEST_MS = 15 * 60_000;

/**
 * Full jitter: anything from 0 up to a bound that doubles with each failure in a row, from 2 s to 15 min, so that phones
 * that lost the same server do not come back together. Never sooner than the server asked for.
 * `random` is from [0, 1).
 */
export function backoff(failures_in_a_row: number, random: number, retry_after_ms = 0): number {
  const bound = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(Math.max(failures_in_a_row - 1, 0), 30));
  return Math.max(retry_after_ms, Math.round(random * bound));
}
