// A stopwatch that survives a reload and a locked phone. Pure: the clocks' readings are arguments.
// It runs on two clocks at once: the phone's wall clock, which goes on while the phone sleeps or the page is gone but
// can be set, and the page's monotonic clock, which cannot be set but may stand still in sleep and ends with the page.

/** Both clocks at one moment. */
export interface Reading {
  wall_ms: number;
  /** Milliseconds since the page began. */
  mono_ms: number;
  /** Which page: readings of the monotonic clock compare only within one. */
  page: string;
}

export interface Stopwatch {
  /** What earlier runs came to. */
  earlier_ms: number;
  /** When the present run began; null while it stands still. */
  since: Reading | null;
}

export const STOPPED: Stopwatch = { earlier_ms: 0, since: null };

export function start(watch: Stopwatch, now: Reading): Stopwatch {
  return watch.since ? watch : { ...watch, since: now };
}

export function stop(watch: Stopwatch, now: Reading): Stopwatch {
  return { earlier_ms: elapsed(watch, now), since: null };
}

/**
 * The time measured so far. Of the two clocks the one that has gone further is right: the monotonic one falls behind
 * only by standing still in sleep, the wall clock only by being set back.
 */
export function elapsed(watch: Stopwatch, now: Reading): number {
  const { earlier_ms, since } = watch;
  if (!since) return earlier_ms;
  const wall = now.wall_ms - since.wall_ms;
  const mono = now.page === since.page ? now.mono_ms - since.mono_ms : 0;
  return earlier_ms + Math.max(0, wall, mono);
}
