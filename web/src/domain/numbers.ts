// Numbers as people type them, to and from integers. Pure: the decimal mark is an argument.

/**
 * Reads a typed decimal as an integer of 10^-scale: "12,5" with scale 2 → 1250. Comma and point are both taken as the
 * mark, since phones' keyboards offer either. Thousands may be set apart by spaces, and by the other mark where a decimal
 * mark follows ("1.234,50"); a lone mark is never taken for one of thousands. More decimals than the scale has are no number.
 */
export function parseDecimal(typed: string, scale: number): number | null {
  const close = typed.replace(/[\s\u00a0\u202f]/g, '');
  const grouped = /^[-−]?\d{1,3}(?:(?:\.\d{3})+,|(?:,\d{3})+\.)\d*$/.test(close);
  const mark = grouped ? Math.max(close.lastIndexOf(','), close.lastIndexOf('.')) : -1;
  const plain = grouped ? close.slice(0, mark).replace(/[.,]/g, '') + close.slice(mark) : close;
  const parts = /^([-−]?)(\d{0,12})(?:[.,](\d*))?$/.exec(plain);
  if (!parts) return null;
  const [, sign, whole = '', decimals = ''] = parts;
  if (whole === '' && decimals === '') return null;
  if (decimals.length > scale) return null;
  const magnitude = Number(whole + decimals.padEnd(scale, '0'));
  return sign && magnitude !== 0 ? -magnitude : magnitude;
}

/** The reverse, without grouping: 1250, scale 2, "," → "12,50"; with `trim` "12,5". */
export function formatDecimal(value: number, scale: number, mark: string, trim = false): string {
  const digits = String(Math.abs(value)).padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  let decimals = scale === 0 ? '' : digits.slice(-scale);
  if (trim) decimals = decimals.replace(/0+$/, '');
  return (value < 0 ? '−' : '') + whole + (decimals === '' ? '' : mark + decimals);
}

/** The decimal mark of a locale. */
export function decimalMark(locale: string): string {
  return (
    new Intl.NumberFormat(locale).formatToParts(1.5).find((part) => part.type === 'decimal')?.value ?? '.'
  );
}
