// What a failure means for the round and for the item. Pure. The server's instruction decides; where there is none, the
// cautious reading: keep the work, and try again later.

import { ApiProblem, NoConnection } from '../../api/client';
import type { Step } from './plan';

export type EndReason =
  | 'offline'
  /** Somebody answers, but not our server: a network that wants a sign-in first. */
  | 'portal'
  | 'signed_out'
  | 'busy';

export type Consequence =
  /** Nothing more can succeed now: stop, and come back later. */
  | { then: 'end_round'; why: EndReason; retry_after_ms?: number }
  /** This step not again in this round; the rest goes on. */
  | { then: 'put_aside'; retry_after_ms?: number; update_required?: true; storage_full?: true }
  /** The item is kept, shown as needing help, and not sent again by itself. */
  | { then: 'park'; code: string; detail: string }
  /** At once. */
  | { then: 'again' };

/** What came is not what was asked for: its digest is not its name, or a receipt is for something else. */
export class Spoiled extends Error {
  override readonly name = 'Spoiled';
}

/** A receipt that was signed with none of the keys that the server was last heard to tell, or that is for something else. */
export class Untrusted extends Error {
  override readonly name = 'Untrusted';
}

/** How often a step is tried at once when the server says `now`. */
export const NOW_AT_MOST = 5;

/** `tries` counts how often this step has failed in this round, this time included. */
export function consequence(error: unknown, step: Step, tries: number): Consequence {
  if (error instanceof NoConnection) return { then: 'end_round', why: error.foreign ? 'portal' : 'offline' };
  // Also for what nobody foresaw: one item's fault must not hold up its neighbours.
  if (!(error instanceof ApiProblem)) return { then: 'put_aside' };
  const { status, code, detail, retry_after_ms } = error;
  switch (error.retry) {
    case 'after_login':
      return { then: 'end_round', why: 'signed_out' };
    case 'after_update':
      return { then: 'put_aside', update_required: true };
    case 'now':
      return tries < NOW_AT_MOST ? { then: 'again' } : { then: 'put_aside' };
    case 'later':
      // Audits are still taken when there is no room for photos; and what is wrong with one item alone (500) must not
      // hold up its neighbours.
      if (status === 507) return { then: 'put_aside', retry_after_ms, storage_full: true };
      if (status === 500) return { then: 'put_aside', retry_after_ms };
      return { then: 'end_round', why: 'busy', retry_after_ms };
    case 'park':
      // Only what the shopper made can be parked; a pull or a question that is refused is asked again another time.
      return step.do === 'audit' || step.do === 'photo'
        ? { then: 'park', code, detail }
        : { then: 'put_aside' };
  }
}
