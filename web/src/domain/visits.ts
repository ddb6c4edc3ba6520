// Where a visit belongs on the shopper's list. Pure: the time, and what the phone holds of it, are arguments.

import type { VisitForShopper } from '../api/types';

/** What the phone itself holds for a visit. */
export interface Held {
  draft: boolean;
  /** An audit for it waits in the outbox or has been handed in from this phone. */
  handed_in: boolean;
}

export type Group = 'now' | 'later' | 'done';

/**
 * To do now: the window has opened (a closed one stays here until the agency takes the visit back), a draft is begun, or
 * it was returned for correction. Later: the window has yet to open. Done: handed in or decided.
 */
export function groupOf(visit: VisitForShopper, held: Held, now_ms: number): Group {
  if (held.draft) return 'now';
  switch (visit.state) {
    case 'returned':
      return held.handed_in ? 'done' : 'now';
    case 'submitted':
    case 'approved':
    case 'rejected':
      return 'done';
    case 'assigned':
    case 'accepted':
      if (held.handed_in) return 'done';
      return now_ms < Date.parse(visit.window.opens_at) ? 'later' : 'now';
  }
}

/** Whether the window of a visit has closed; work begun may still be handed in, and is flagged. */
export function isOver(visit: VisitForShopper, now_ms: number): boolean {
  return now_ms > Date.parse(visit.window.closes_at);
}
