// Periods a ranking can be asked for, as pairs of local days, both inclusive.
// The clock is not read here: today is an argument, `YYYY-MM-DD`.

export const presets = ['last30', 'last90', 'thisQuarter', 'lastQuarter', 'custom'] as const;
export type Preset = (typeof presets)[number];
export interface Period {
  from: string;
  to: string;
}

/** The days of a preset. `custom` keeps what it is given and falls back on the last 90 days. */
export function periodOf(preset: Preset, today: string, custom?: Partial<Period>): Period {
  switch (preset) {
    case 'last30':
      return { from: addDays(today, -29), to: today };
    case 'last90':
      return { from: addDays(today, -89), to: today };
    case 'thisQuarter':
      return quarterOf(today);
    case 'lastQuarter':
      return quarterOf(addDays(quarterOf(today).from, -1));
    case 'custom':
      return {
        from: isDay(custom?.from) ? custom.from : addDays(today, -89),
        to: isDay(custom?.to) ? custom.to : today,
      };
  }
}

export function isPreset(value: string | null): value is Preset {
  return presets.includes(value as Preset);
}

/** Whether a text is a real day: `2026-02-30` is not. */
export function isDay(value: string | undefined | null): value is string {
  if (!value || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const date = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value);
}

/** Days in a period, both ends counted; not positive when it ends before it begins. */
export function daysIn(period: Period): number {
  return Math.round((Date.parse(period.to) - Date.parse(period.from)) / 86_400_000) + 1;
}

export function addDays(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

/** The reader's own calendar day of an instant. */
export function dayOf(date: Date): string {
  const pad = (n: number) => String(n).padStart(2, '0');
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
}

function quarterOf(day: string): Period {
  const year = Number(day.slice(0, 4));
  const first = Math.floor((Number(day.slice(5, 7)) - 1) / 3) * 3;
  const iso = (date: number) => new Date(date).toISOString().slice(0, 10);
  return { from: iso(Date.UTC(year, first, 1)), to: iso(Date.UTC(year, first + 3, 0)) };
}
