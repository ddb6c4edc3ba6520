// What a round of sync works with: the phone's data, the line to the server, and the time.
// Not here: what is done with them.

import type { Api } from '../../api/client';
import type { Db } from '../db';
import { FRESH_PACE, type Pace } from './pace';

export interface Context {
  db: Db;
  api: Api;
  now: () => Date;
  /** What is known of the line; kept from round to round for as long as the page is open. */
  line: Line;
}

export interface Line {
  pace: Pace;
  /** A clock that never jumps, to measure the line by. */
  clock_ms: () => number;
  wait: (wait_ms: number) => Promise<void>;
}

export function contextOf(db: Db, api: Api): Context {
  const line: Line = {
    pace: FRESH_PACE,
    clock_ms: () => performance.now(),
    wait: (wait_ms) => new Promise((done) => setTimeout(done, wait_ms)),
  };
  return { db, api, now: () => new Date(), line };
}
