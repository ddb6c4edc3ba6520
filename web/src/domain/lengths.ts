// Lengths of time as people type them: minutes and seconds, or 1:30 in one go. Pure.

const MOST_MS = 100 * 3_600_000;

/** Milliseconds; null when nothing is typed, 'wrong' when it is no length of time. */
export function parseLength(minutes: string, seconds: string): number | null | 'wrong' {
  const [min, sec] = [minutes.trim(), seconds.trim()];
  if (min === '' && sec === '') return null;
  if (min.includes(':')) return sec === '' || /^0+$/.test(sec) ? clock(min) : 'wrong';
  if (!/^\d{0,4}$/.test(min) || !/^\d{0,4}$/.test(sec)) return 'wrong';
  return atMost((Number(min) * 60 + Number(sec)) * 1000);
}

/** "1:30" is a minute and a half, "1:02:05" an hour, two minutes and five seconds. */
function clock(text: string): number | 'wrong' {
  const parts = /^(?:(\d{1,2}):)?(\d{1,3}):([0-5]\d)$/.exec(text);
  if (!parts) return 'wrong';
  const [hours, minutes, seconds] = [parts[1] ?? '0', parts[2]!, parts[3]!].map(Number) as [
    number,
    number,
    number,
  ];
  return atMost(((hours * 60 + minutes) * 60 + seconds) * 1000);
}

function atMost(value_ms: number): number | 'wrong' {
  return value_ms > MOST_MS ? 'wrong' : value_ms;
}
