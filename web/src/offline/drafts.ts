// Drafts: audits being filled in. Every change of an answer is one transaction that reads, changes and writes, so that two
// open pages cannot undo each other's answers. Not here: what happens when a draft is finished (outbox.ts).

import type { AuditDocument, VisitForShopper } from '../api/types';
import { committed, type Db, type DraftRecord, type PhotoRecord, type Place } from './db';
import { recordedAt, uuidV7 } from './ids';
import { dropUnnamed, keepPhoto, withRoom, type TakenPhoto } from './photos';

/** More than a draft without its photos ever is. */
const DRAFT_BYTES = 256 * 1024;

export type { TakenPhoto } from './photos';

export function placeOf(visit: VisitForShopper): Place {
  return {
    location_name: visit.location.name,
    city: visit.location.city,
    client_name: visit.client_name,
    client_color: visit.client_color,
    time_zone: visit.location.time_zone,
  };
}

/** The draft of a visit: the one that was begun, or a fresh one on the version that the visit names now. */
export async function beginDraft(db: Db, visit: VisitForShopper): Promise<DraftRecord> {
  const begun = (await db.getAll('drafts')).find((draft) => draft.visit === visit.id);
  if (begun) return begun;
  const draft = fresh(visit, visit.checklist.sha256);
  if (visit.state === 'returned' && visit.audit) draft.supersedes = visit.audit;
  await db.add('drafts', draft);
  return draft;
}

/**
 * A correction of a returned audit: a new audit that names the one it supersedes, filled in with what was handed in, as
 * far as this phone still has it, on the version that was answered. Answers and photos are carried over as they are.
 */
export async function beginCorrection(db: Db, visit: VisitForShopper): Promise<DraftRecord> {
  const draft = await beginDraft(db, visit);
  const handed_in = visit.audit ? await db.get('outbox', visit.audit) : undefined;
  if (!handed_in || Object.keys(draft.answers).length > 0) return draft;
  const document = JSON.parse(handed_in.text) as AuditDocument;
  if (!(await db.get('checklists', document.checklist))) return draft;
  carryOver(draft, document);
  await db.put('drafts', draft);
  return draft;
}

/** Whether a correction would begin empty: it is not begun, and what was handed in is not on this phone. */
export function lacksHandedIn(
  visit: VisitForShopper,
  drafts: readonly DraftRecord[],
  outbox: readonly { audit: string }[],
): boolean {
  return (
    visit.state === 'returned' &&
    visit.audit != null &&
    !drafts.some((draft) => draft.visit === visit.id) &&
    !outbox.some((item) => item.audit === visit.audit)
  );
}

/**
 * The same from what was fetched: draft and photos in one transaction, so that all of it is here or none. A draft that
 * was begun meanwhile stays as it is. A photo that could not be fetched is taken out of its answer: an answer never names
 * bytes that are not here.
 */
export async function beginFetched(
  db: Db,
  visit: VisitForShopper,
  document: AuditDocument,
  photos: readonly PhotoRecord[],
): Promise<DraftRecord> {
  const draft = fresh(visit, document.checklist);
  draft.supersedes = document.audit;
  carryOver(draft, document);
  const here = new Set(photos.map((photo) => photo.sha256));
  for (const answer of Object.values(draft.answers)) {
    if (!answer.photos) continue;
    answer.photos = answer.photos.filter((name) => here.has(name));
    if (answer.photos.length === 0) delete answer.photos;
  }
  const wanted_bytes = photos.reduce((sum, photo) => sum + photo.size_bytes, 0);
  return withRoom(db, wanted_bytes, async () => {
    const transaction = db.transaction(['drafts', 'photos'], 'readwrite', { durability: 'strict' });
    const drafts = transaction.objectStore('drafts');
    const begun = (await drafts.getAll()).find((other) => other.visit === visit.id);
    const written = begun
      ? []
      : [drafts.add(draft), ...photos.map((photo) => transaction.objectStore('photos').put(photo))];
    await committed(transaction.done, written);
    return begun ?? draft;
  });
}

function carryOver(draft: DraftRecord, document: AuditDocument): void {
  draft.checklist = document.checklist;
  draft.answers = structuredClone(document.answers);
  draft.photos = Object.fromEntries(document.photos.map((photo) => [photo.sha256, photo]));
}

function fresh(visit: VisitForShopper, checklist: string): DraftRecord {
  const now = recordedAt();
  return {
    audit: uuidV7(),
    visit: visit.id,
    place: placeOf(visit),
    checklist,
    started_at: now,
    updated_at: now,
    revision: 0,
    elapsed_ms: 0,
    answers: {},
    photos: {},
    stopwatches: {},
  };
}

/** Applies a change to the draft as it is now. Nothing happens, and undefined is the answer, when it is gone. */
export async function changeDraft(
  db: Db,
  audit: string,
  change: (draft: DraftRecord) => void,
): Promise<DraftRecord | undefined> {
  return withRoom(db, DRAFT_BYTES, async () => {
    const transaction = db.transaction('drafts', 'readwrite');
    const draft = await transaction.store.get(audit);
    if (draft) {
      change(draft);
      draft.updated_at = recordedAt();
      draft.revision += 1;
    }
    await committed(transaction.done, draft ? [transaction.store.put(draft)] : []);
    return draft;
  });
}

/** Keeps a photo and then names it in the answer, in that order: an answer never names bytes that are not here. */
export async function addPhoto(db: Db, audit: string, question: string, taken: TakenPhoto): Promise<string> {
  const { sha256: name, size_bytes } = await keepPhoto(db, taken);
  const { type, taken_at } = taken;
  await changeDraft(db, audit, (draft) => {
    const answer = (draft.answers[question] ??= {});
    delete answer.not_applicable;
    if (answer.photos?.includes(name)) return;
    answer.photos = [...(answer.photos ?? []), name];
    answer.recorded_at = taken_at;
    draft.photos[name] = { sha256: name, size_bytes, type, taken_at };
  });
  return name;
}

/** Takes a photo out of the answer, and off the phone when nothing else names it. */
export async function removePhoto(db: Db, audit: string, question: string, name: string): Promise<void> {
  await changeDraft(db, audit, (draft) => {
    const answer = draft.answers[question];
    if (!answer?.photos) return;
    answer.photos = answer.photos.filter((other) => other !== name);
    if (answer.photos.length === 0) delete answer.photos;
  });
  await dropUnnamed(db, [name]);
}

/** Throws a draft away because the shopper said so; nothing else ever does. */
export async function discardDraft(db: Db, audit: string): Promise<void> {
  const draft = await db.get('drafts', audit);
  await db.delete('drafts', audit);
  if (draft) await dropUnnamed(db, Object.keys(draft.photos));
}
