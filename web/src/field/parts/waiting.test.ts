// Why an audit waits.

import { describe, expect, it } from 'vitest';
import type { OutboxPhoto } from '../../offline/db';
import { NOT_YET } from '../../offline/sync/owner';
import { waits } from './waiting';

const photo = (state: OutboxPhoto['state']): OutboxPhoto => ({
  sha256: 'p',
  size_bytes: 9,
  type: 'image/jpeg',
  sent_bytes: 0,
  restarts: 0,
  state,
});
const item = { state: 'stored' as const, photos: [photo('waiting')] };

describe('why an audit waits', () => {
  it('does not when nothing of it is only here', () => {
    expect(waits({ state: 'complete', photos: [photo('sent')] }, NOT_YET)).toBeNull();
    expect(waits({ state: 'quarantined', photos: [photo('sent')] }, NOT_YET)).toBeNull();
  });
  it('also in quarantine, while photos of it are here', () => {
    expect(waits({ ...item, state: 'quarantined' }, { ...NOT_YET, last: 'offline' })).toBe('offline');
  });
  it('for help, which no line brings', () => {
    expect(waits({ ...item, state: 'parked' }, NOT_YET)).toBeNull();
    expect(waits({ ...item, photos: [photo('parked'), photo('waiting')] }, NOT_YET)).toBeNull();
  });
  it('for what the last round ended with, unless one runs', () => {
    expect(waits(item, { ...NOT_YET, last: 'portal' })).toBe('portal');
    expect(waits(item, { ...NOT_YET, last: 'signed_out', running: true })).toBe('sending');
    expect(waits(item, NOT_YET)).toBe('soon');
  });
  it('for room at the server only with its photos', () => {
    const full = { ...NOT_YET, last: 'done' as const, storage_full: true };
    expect(waits(item, full)).toBe('storage_full');
    expect(waits({ ...item, state: 'waiting' }, full)).toBe('soon');
  });
});
