// Numbers, amounts, times and days as people of a locale write them. Pure: locale and values are arguments.
// Scores stay integers up to here: a percentage is rounded once, in integers, at the moment it is shown.

const made = new Map<string, unknown>();

/** Intl objects are dear to make and cheap to use: one each. */
function once<T>(key: string, make: () => T): T {
  const found = made.get(key);
  if (found !== undefined) return found as T;
  const fresh = make();
  made.set(key, fresh);
  return fresh;
}

/** Half away from zero, on integers; `divisor` is positive. */
export function roundDiv(value: number, divisor: number): number {
  const magnitude = Math.floor((2 * Math.abs(value) + divisor) / (2 * divisor));
  return value < 0 ? -magnitude : magnitude;
}

/** Micros (millionths of 1) as a percentage: 875000 → "87.5%". An en dash where there is no score. */
export function percent(micros: number | null | undefined, locale: string, decimals: 0 | 1 = 1): string {
  if (micros === null || micros === undefined) return '–';
  const step = decimals === 1 ? 1_000 : 10_000;
  const shown = (roundDiv(micros, step) * step) / 1_000_000;
  return once(
    `percent ${locale} ${decimals}`,
    () =>
      new Intl.NumberFormat(locale, {
        style: 'percent',
        minimumFractionDigits: decimals,
        maximumFractionDigits: decimals,
      }),
  ).format(shown);
}

/** The same without the sign, for columns whose head carries it: 875000 → "87.5". */
export function points(micros: number | null | undefined, locale: string, decimals: 0 | 1 = 1): string {
  if (micros === null || micros === undefined) return '–';
  const step = decimals === 1 ? 1_000 : 10_000;
  return number((roundDiv(micros, step) * step) / 10_000, locale, decimals);
}

/** Points in thousandths: 2500 → "2.5", 10000 → "10". */
export function milli(value_milli: number, locale: string): string {
  return once(`milli ${locale}`, () => new Intl.NumberFormat(locale, { maximumFractionDigits: 3 })).format(
    value_milli / 1000,
  );
}

export function number(value: number, locale: string, decimals = 0): string {
  return once(
    `number ${locale} ${decimals}`,
    () => new Intl.NumberFormat(locale, { minimumFractionDigits: decimals, maximumFractionDigits: decimals }),
  ).format(value);
}

/** How many decimals the minor unit of a currency stands for: 2 for EUR, 0 for JPY. */
export function minorDigits(currency: string): number {
  return (
    once(
      `digits ${currency}`,
      () =>
        new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits,
    ) ?? 2
  );
}

/** An amount in minor units: 1250, EUR → "€12.50". */
export function money(amount_minor: number, currency: string, locale: string): string {
  return once(
    `money ${locale} ${currency}`,
    () => new Intl.NumberFormat(locale, { style: 'currency', currency }),
  ).format(amount_minor / 10 ** minorDigits(currency));
}

/** 0:45 · 12:05 · 1:02:05. Tenths of a second only where asked for. */
export function duration(value_ms: number, tenths = false): string {
  const seconds = Math.floor(value_ms / 1000);
  const two = (n: number) => String(n).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  const clock =
    hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
  return tenths ? `${clock}.${Math.floor((value_ms % 1000) / 100)}` : clock;
}

/** 40 m · 999 m · 1.2 km · 38 km: how far something is. */
export function distance(value_m: number, locale: string): string {
  const kilometres = value_m >= 1000;
  const decimals = kilometres && value_m < 10_000 ? 1 : 0;
  return once(
    `distance ${locale} ${kilometres} ${decimals}`,
    () =>
      new Intl.NumberFormat(locale, {
        style: 'unit',
        unit: kilometres ? 'kilometer' : 'meter',
        maximumFractionDigits: decimals,
      }),
  ).format(kilometres ? value_m / 1000 : value_m);
}

/** 512 B · 38 kB · 1.4 MB: what is still to be sent. */
export function bytes(size_bytes: number, locale: string): string {
  if (size_bytes < 1000) return `${number(size_bytes, locale)} B`;
  if (size_bytes < 1_000_000) return `${number(size_bytes / 1000, locale)} kB`;
  if (size_bytes < 1_000_000_000) return `${number(size_bytes / 1_000_000, locale, 1)} MB`;
  return `${number(size_bytes / 1_000_000_000, locale, 1)} GB`;
}

const styles = {
  day: { weekday: 'short', day: 'numeric', month: 'short' },
  day_long: { weekday: 'long', day: 'numeric', month: 'long' },
  date: { day: 'numeric', month: 'short', year: 'numeric' },
  time: { hour: 'numeric', minute: '2-digit' },
  moment: { day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit' },
} satisfies Record<string, Intl.DateTimeFormatOptions>;

export type DateStyle = keyof typeof styles;

/** An instant (RFC 3339) as seen in a time zone; without one, the reader's own. */
export function instant(value: string, style: DateStyle, locale: string, time_zone?: string): string {
  return once(
    `instant ${style} ${locale} ${time_zone ?? ''}`,
    () => new Intl.DateTimeFormat(locale, { ...styles[style], timeZone: time_zone }),
  ).format(new Date(value));
}

/** A local day or time without a zone ("2026-11-22", "2026-11-22T11:00"), shown as it stands. */
export function local(value: string, style: DateStyle, locale: string): string {
  return instant(
    value.length === 10 ? `${value}T00:00:00Z` : `${value.slice(0, 16)}:00Z`,
    style,
    locale,
    'UTC',
  );
}
