// The outbox: finished audits on their way. Finishing is one strict transaction; after it the text never changes.
// Not here: sending (sync/).

import type { AuditDocument, ChecklistDocument } from '../api/types';
import { auditDocument } from '../domain/audit';
import { hex, sha256, utf8 } from './bytes';
import { committed, getMeta, type Db, type OutboxRecord } from './db';
import { recordedAt } from './ids';
import { withRoom } from './photos';

/** A photo that the answers name is not on this phone: the draft cannot be finished. */
export class PhotoGone extends Error {
  override readonly name = 'PhotoGone';
}

/** The version that was filled in. */
export interface Version {
  sha256: string;
  document: ChecklistDocument;
}

/** The draft was moved to another version than the one that was shown. */
export class OtherVersion extends Error {
  override readonly name = 'OtherVersion';
}

/**
 * Turns a draft into a finished audit: its exact text, that text's digest and its photos, in one transaction that is on
 * the disk when it ends. Finishing the same draft twice gives the same audit. The caller has seen to it that nothing is
 * missing (domain/check).
 */
export async function finish(
  db: Db,
  audit: string,
  version: Version,
  language: string,
  app_version: string,
): Promise<OutboxRecord> {
  const draft = await db.get('drafts', audit);
  if (!draft) {
    const finished = await db.get('outbox', audit);
    if (finished) return finished;
    throw new Error('There is no such draft.');
  }
  if (draft.checklist !== version.sha256) throw new OtherVersion(draft.checklist);
  const finished_at = recordedAt();
  const document = auditDocument(version.document, {
    audit,
    visit: draft.visit,
    checklist_sha256: draft.checklist,
    supersedes: draft.supersedes,
    started_at: draft.started_at,
    finished_at,
    elapsed_ms: draft.elapsed_ms,
    server_time_difference_ms: (await getMeta(db, 'clock'))?.difference_ms,
    language,
    answers: draft.answers,
    photos: draft.photos,
    app_version,
  });
  const text = JSON.stringify(document);
  const item: OutboxRecord = {
    audit,
    visit: draft.visit,
    ...(draft.supersedes ? { supersedes: draft.supersedes } : {}),
    place: draft.place,
    text,
    sha256: hex(await sha256(utf8(text))),
    finished_at,
    score: document.score,
    photos: document.photos.map((photo) => ({ ...photo, state: 'waiting', sent_bytes: 0, restarts: 0 })),
    state: 'waiting',
  };
  const kept = await withRoom(db, text.length, () => keep(db, item, draft.revision));
  // Another page changed an answer meanwhile: look again.
  return kept ?? finish(db, audit, version, language, app_version);
}

/** The item takes the place of its draft. Null when that is not any more what the item was made of. */
async function keep(db: Db, item: OutboxRecord, revision: number): Promise<OutboxRecord | null> {
  const transaction = db.transaction(['drafts', 'outbox', 'photos'], 'readwrite', { durability: 'strict' });
  const [outbox, drafts] = [transaction.objectStore('outbox'), transaction.objectStore('drafts')];
  const [finished, now] = await Promise.all([outbox.get(item.audit), drafts.get(item.audit)]);
  if (finished || now?.revision !== revision) {
    await transaction.done;
    return finished ?? null;
  }
  for (const { sha256: name } of item.photos) {
    if ((await transaction.objectStore('photos').count(name)) === 0) {
      transaction.abort();
      await transaction.done.catch(() => {});
      throw new PhotoGone(name);
    }
  }
  await committed(transaction.done, [outbox.add(item), drafts.delete(item.audit)]);
  return item;
}

/** Applies a change to an item as it is now. */
export async function changeItem(
  db: Db,
  audit: string,
  change: (item: OutboxRecord) => void,
): Promise<OutboxRecord | undefined> {
  const transaction = db.transaction('outbox', 'readwrite');
  const item = await transaction.store.get(audit);
  if (item) {
    change(item);
    await transaction.store.put(item);
  }
  await transaction.done;
  return item;
}

/** Oldest first: the order in which they are sent. */
export function oldestFirst(items: readonly OutboxRecord[]): OutboxRecord[] {
  return [...items].sort(
    (a, b) => Date.parse(a.finished_at) - Date.parse(b.finished_at) || (a.audit < b.audit ? -1 : 1),
  );
}

/** Whether something of it is only on this phone. */
export function isOpen(item: Pick<OutboxRecord, 'state' | 'photos'>): boolean {
  return (
    item.state !== 'complete' && (item.state !== 'quarantined' || item.photos.some((p) => p.state !== 'sent'))
  );
}

/** Bytes of it that the server does not have yet. */
export function bytesLeft(item: OutboxRecord): number {
  const text = item.state === 'waiting' || item.state === 'parked' ? item.text.length : 0;
  return item.photos.reduce((sum, photo) => sum + left(photo), text);
}

function left(photo: OutboxRecord['photos'][number]): number {
  return photo.state === 'sent' ? 0 : photo.size_bytes - photo.sent_bytes;
}

/** The shopper asks to try again what was parked. */
export async function unpark(db: Db, audit: string): Promise<void> {
  await changeItem(db, audit, (item) => {
    delete item.problem;
    if (item.state === 'parked') item.state = 'waiting';
    for (const photo of item.photos) {
      if (photo.state !== 'parked') continue;
      photo.state = 'waiting';
      photo.restarts = 0;
      delete photo.problem;
    }
  });
}

/** The document of an item, for showing it. */
export function documentOf(item: OutboxRecord): AuditDocument {
  return JSON.parse(item.text) as AuditDocument;
}
