// What the desk writes and the shared formats do not: changes, probabilities, how long ago, lengths of time in words.
// Pure: the locale and the present are arguments. Everything else is in ../../ui/format.
import { roundDiv } from '../../ui/format';

/** A change in percentage points with its sign, such as `+3.2`; never `-0.0`. */
export function change(micros: number, locale: string): string {
  return new Intl.NumberFormat(locale, {
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
    signDisplay: 'exceptZero',
  }).format(roundDiv(micros, 1000) / 10);
}

/** A probability 0..1 as a whole percentage; `<1%` and `>99%`, so that nothing looks certain. */
export function probability(value: number, locale: string): string {
  const percent = (share: number) =>
    new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 }).format(share);
  if (value < 0.01) return `<${percent(0.01)}`;
  if (value > 0.99) return `>${percent(0.99)}`;
  return percent(value);
}

/** How long ago an instant was, in the largest unit that fits: `2 hours ago`. */
export function ago(value: string, nowMs: number, locale: string): string {
  const seconds = Math.round((Date.parse(value) - nowMs) / 1000);
  if (Number.isNaN(seconds)) return value;
  const words = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const size = Math.abs(seconds);
  if (size < 90) return words.format(seconds, 'second');
  if (size < 60 * 60) return words.format(Math.round(seconds / 60), 'minute');
  if (size < 36 * 3600) return words.format(Math.round(seconds / 3600), 'hour');
  return words.format(Math.round(seconds / 86_400), 'day');
}

/** A length of time to be read rather than compared: `45 s`, `12 min 30 s`, `1 h 05 min`. */
export function lengthOfTime(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) {
    const rest = seconds % 60;
    return rest === 0 ? `${minutes} min` : `${minutes} min ${rest} s`;
  }
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

/** A period of local days: `24 Oct – 22 Nov 2026`, without repeating what both ends share. */
export function dayRange(from: string, to: string, locale: string): string {
  const [start, end] = [new Date(`${from}T00:00:00Z`), new Date(`${to}T00:00:00Z`)];
  if (Number.isNaN(start.getTime()) || Number.isNaN(end.getTime())) return `${from} – ${to}`;
  return new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  }).formatRange(start, end);
}
