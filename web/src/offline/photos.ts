// Photos on the phone: kept by SHA-256, dropped when nothing names them any more, and room made when the phone is full.
// Not here: which answer names a photo (drafts.ts).

import { hex, sha256 } from './bytes';
import { committed, type Db, type OutboxRecord, type PhotoRecord } from './db';
import { dropPictures } from './pictures';

/** Days that a complete audit and its photos stay on the phone, so that a restored server can get them back. */
export const KEEP_COMPLETE_DAYS = 30;

export interface TakenPhoto {
  bytes: ArrayBuffer;
  type: string;
  taken_at: string;
}

/** Keeps a photo durably. */
export async function keepPhoto(db: Db, taken: TakenPhoto): Promise<PhotoRecord> {
  const name = hex(await sha256(taken.bytes));
  const record: PhotoRecord = { sha256: name, size_bytes: taken.bytes.byteLength, ...taken };
  await withRoom(db, record.size_bytes, () => put(db, record));
  return record;
}

/** Writes this much; when the phone is full, once more after letting go of what the server has anyway. */
export async function withRoom<T>(db: Db, wanted_bytes: number, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (!isFull(error) || !(await makeRoom(db, wanted_bytes))) throw error;
    return write();
  }
}

/** Whether a write failed because the phone has no room left. */
export function isFull(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'QuotaExceededError';
}

async function put(db: Db, record: PhotoRecord): Promise<void> {
  const transaction = db.transaction('photos', 'readwrite', { durability: 'strict' });
  await committed(transaction.done, [transaction.store.put(record)]);
}

/** Drops those of the photos that no draft and no audit on this phone names. */
export async function dropUnnamed(db: Db, names: readonly string[]): Promise<void> {
  const transaction = db.transaction(['photos', 'drafts', 'outbox'], 'readwrite');
  const [drafts, outbox] = await Promise.all([
    transaction.objectStore('drafts').getAll(),
    transaction.objectStore('outbox').getAll(),
  ]);
  const named = new Set([
    ...drafts.flatMap((draft) => Object.values(draft.answers).flatMap((answer) => answer.photos ?? [])),
    ...outbox.flatMap((item) => item.photos.map((photo) => photo.sha256)),
  ]);
  for (const name of names) if (!named.has(name)) void transaction.objectStore('photos').delete(name);
  await transaction.done;
}

/** Lets go of audits that have been complete for long enough. */
export async function dropOldComplete(db: Db, now_ms: number): Promise<void> {
  const oldest_kept_ms = now_ms - KEEP_COMPLETE_DAYS * 24 * 3600 * 1000;
  for (const item of await complete(db)) {
    if (Date.parse(item.completed_at ?? '') < oldest_kept_ms) await drop(db, item);
  }
}

/**
 * Under storage pressure: the oldest complete audits go first, then the reference pictures, which can be fetched again.
 * Nothing that is not complete goes at all.
 */
async function makeRoom(db: Db, wanted_bytes: number): Promise<boolean> {
  let freed_bytes = 0;
  for (const item of await complete(db)) {
    if (freed_bytes >= wanted_bytes) break;
    freed_bytes += item.photos.reduce((sum, photo) => sum + photo.size_bytes, item.text.length);
    await drop(db, item);
  }
  if (freed_bytes < wanted_bytes) freed_bytes += await dropPictures(db);
  return freed_bytes >= wanted_bytes;
}

async function complete(db: Db): Promise<OutboxRecord[]> {
  const items = (await db.getAll('outbox')).filter((item) => item.state === 'complete');
  return items.sort((a, b) => (a.completed_at ?? '').localeCompare(b.completed_at ?? ''));
}

async function drop(db: Db, item: OutboxRecord): Promise<void> {
  await db.delete('outbox', item.audit);
  const names = item.photos.map((photo) => photo.sha256);
  await dropUnnamed(db, names);
}
