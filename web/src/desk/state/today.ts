// The desk's only look at the clock for days: the reader's own calendar day.
import { dayOf } from '../lib/period';

export function today(): string {
  return dayOf(new Date());
}
