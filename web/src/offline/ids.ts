// Names and times made on the phone. The only place in offline/ that reads the clock for them.

import { hex } from './bytes';

/** A UUID of version 7 (RFC 9562): 48 bits of milliseconds, then chance. Opaque to everyone from then on. */
export function uuidV7(now_ms = Date.now()): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  for (let at = 0; at < 6; at++) bytes[at] = Math.floor(now_ms / 2 ** (8 * (5 - at))) % 256;
  bytes[6] = (bytes[6]! & 0x0f) | 0x70;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const digits = hex(bytes);
  return [8, 12, 16, 20, 32].map((end, at) => digits.slice([0, 8, 12, 16, 20][at], end)).join('-');
}

/** RFC 3339 with the phone's offset: 2026-11-22T12:30:05.250+01:00. */
export function recordedAt(now = new Date()): string {
  const offset_min = -now.getTimezoneOffset();
  const local = new Date(now.getTime() + offset_min * 60_000).toISOString().slice(0, -1);
  const size = Math.abs(offset_min);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${local}${offset_min < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}
