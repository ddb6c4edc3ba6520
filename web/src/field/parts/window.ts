// A visit's window in words: the location's own local time, with its zone where the phone's is another.

import type { VisitForShopper } from '../../api/types';
import { show } from '../../i18n/language.svelte';
import { t } from '../words';

/** "Today, 11:00–21:00", "Today, all day" or "22 Nov, 11:00 – 24 Nov, 21:00", and " (Lisbon time)". */
export function windowText({ window }: Pick<VisitForShopper, 'window'>, now_ms: number): string {
  const { local_opens, local_closes, time_zone } = window;
  const [opens, closes] = [local_opens, local_closes].map((local) => ({
    day: dayText(local.slice(0, 10), time_zone, now_ms),
    time: show.local(local, 'time'),
  })) as [Edge, Edge];
  const whole_days = local_opens.slice(11, 16) === '00:00' && local_closes.slice(11, 16) === '23:59';
  const one_day = local_opens.slice(0, 10) === local_closes.slice(0, 10);
  const text = whole_days
    ? one_day
      ? `${opens.day}, ${t().window.allDay}`
      : `${opens.day} – ${closes.day}`
    : one_day
      ? `${opens.day}, ${opens.time}–${closes.time}`
      : `${opens.day}, ${opens.time} – ${closes.day}, ${closes.time}`;
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return sameTime(time_zone, here, now_ms) ? text : `${text} (${t().window.zone(cityOf(time_zone))})`;
}

interface Edge {
  day: string;
  time: string;
}

function dayText(day: string, time_zone: string, now_ms: number): string {
  if (day === dayAt(now_ms, time_zone)) return t().window.today;
  if (day === dayAt(now_ms + 24 * 3600 * 1000, time_zone)) return t().window.tomorrow;
  return show.local(day, 'day');
}

/** The local day of an instant, "2026-11-22". */
export function dayAt(at_ms: number, time_zone?: string): string {
  return new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeZone: time_zone }).format(at_ms);
}

/** Whether two zones show the same time now: then naming one would only confuse. */
function sameTime(one: string, other: string, now_ms: number): boolean {
  const clock = (timeZone: string) =>
    new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short', timeZone }).format(now_ms);
  return clock(one) === clock(other);
}

function cityOf(time_zone: string): string {
  return time_zone.split('/').at(-1)!.replaceAll('_', ' ');
}
