// A visit's window in words, in the location's own time.

import { expect, it } from 'vitest';
import { current } from '../../i18n/language.svelte';
import { windowText } from './window';

const window = (local_opens: string, local_closes: string, time_zone = 'Europe/Amsterdam') => ({
  window: { opens_at: '', closes_at: '', local_opens, local_closes, time_zone },
});
const now_ms = Date.parse('2026-11-22T23:30:00Z'); // the 23rd in Amsterdam already

it('says days by name where it can, and times as the location has them', () => {
  current.language = 'en';
  const text = (opens: string, closes: string) =>
    windowText(window(opens, closes), now_ms).replace(/ \(.*\)$/, '');
  expect(text('2026-11-23T11:00', '2026-11-23T21:00')).toBe('Today, 11:00–21:00');
  expect(text('2026-11-24T00:00', '2026-11-24T23:59')).toBe('Tomorrow, all day');
  expect(text('2026-11-23T00:00', '2026-11-28T23:59')).toMatch(/^Today – Sat,? 28 Nov$/);
  expect(text('2026-11-21T11:00', '2026-11-23T12:00')).toMatch(/^Sat,? 21 Nov, 11:00 – Today, 12:00$/);
});

it('names the zone only where the phone has another time', () => {
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const opens = '2026-11-23T11:00';
  expect(windowText(window(opens, '2026-11-23T21:00', here), now_ms)).not.toContain('(');
  expect(windowText(window(opens, '2026-11-23T21:00', 'Pacific/Kiritimati'), now_ms)).toContain(
    '(Kiritimati time)',
  );
});
