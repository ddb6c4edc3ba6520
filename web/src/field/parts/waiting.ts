// Why an audit still waits on this phone, as far as the last round tells. Not here: the words.

import type { OutboxRecord } from '../../offline/db';
import { isOpen } from '../../offline/outbox';
import type { SyncState } from '../../offline/sync/owner';

export type Waits = 'sending' | 'offline' | 'portal' | 'signed_out' | 'busy' | 'storage_full' | 'soon';

/** Null when nothing of it waits, or when it waits for help and not for the line. */
export function waits(
  item: Pick<OutboxRecord, 'state' | 'photos'>,
  sync: Pick<SyncState, 'running' | 'last' | 'storage_full'>,
): Waits | null {
  if (!isOpen(item) || needsHelp(item)) return null;
  if (sync.running) return 'sending';
  if (sync.last !== null && sync.last !== 'done') return sync.last;
  // Answers are taken all the same.
  return sync.storage_full && areAnswersSafe(item) ? 'storage_full' : 'soon';
}

/** The server would not take it, or part of it: somebody has to look. */
export function needsHelp(item: Pick<OutboxRecord, 'state' | 'photos'>): boolean {
  return item.state === 'parked' || item.photos.some((photo) => photo.state === 'parked');
}

export function areAnswersSafe({ state }: Pick<OutboxRecord, 'state'>): boolean {
  return state === 'stored' || state === 'complete' || state === 'quarantined';
}
