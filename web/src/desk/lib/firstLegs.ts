// Which visits can be the first leg of a new one. The server checks again.
import type { VisitRow } from '../../api/types';
import { addDays } from './period';

export interface Wanted {
  /** Digests of the versions of the checklist that is followed. */
  versions: ReadonlySet<string>;
  location: string;
  /** The day on which the second leg opens. */
  day: string;
  days_max: number | undefined;
}

/** Visits of that place with that checklist which opened by then and not too long ago, the latest first. */
export function firstLegs(visits: readonly VisitRow[], wanted: Wanted): VisitRow[] {
  const earliest = wanted.days_max === undefined ? '' : addDays(wanted.day, -wanted.days_max);
  return visits
    .filter((visit) => {
      const day = visit.local_opens.slice(0, 10);
      return (
        visit.location === wanted.location &&
        wanted.versions.has(visit.checklist_sha256) &&
        visit.state !== 'withdrawn' &&
        day <= wanted.day &&
        day >= earliest
      );
    })
    .sort((a, b) => b.local_opens.localeCompare(a.local_opens));
}

/** Whether a list in which the latest comes first has passed all that can be a first leg; a day is left for time zones. */
export function passed(last: Pick<VisitRow, 'local_opens'>, day: string, days_max: number | undefined) {
  return days_max !== undefined && last.local_opens.slice(0, 10) < addDays(day, -days_max - 1);
}
