// What the phone holds of its feed: visits and feedback, the cursor, and the comparison with what it should hold.
// A `del` removes a row here and nothing else: never a draft, never anything in the outbox.

import type { Change, Changes } from '../api/types';
import { entryName, feedSum } from '../domain/feed';
import { sha256, utf8 } from './bytes';
import { getMeta, type Db, type FeedbackRecord, type VisitRecord } from './db';

/** Applies one page and moves the cursor, together. */
export async function applyPage(db: Db, page: Changes, pulled_at: string): Promise<void> {
  const transaction = db.transaction(['visits', 'feedback', 'meta'], 'readwrite');
  const feedback = transaction.objectStore('feedback');
  for (const change of page.changes) {
    if (change.op === 'del') {
      void transaction.objectStore(change.kind === 'visit' ? 'visits' : 'feedback').delete(change.id);
    } else if (change.kind === 'visit') {
      void transaction.objectStore('visits').put(visitRecord(change));
    } else {
      void feedback.put(feedbackRecord(change, await feedback.get(change.id)));
    }
  }
  const { cursor, epoch } = page;
  void transaction.objectStore('meta').put({ cursor, epoch, pulled_at }, 'feed');
  await transaction.done;
}

/** Swaps in a whole snapshot, all its pages at once: until then the old rows stand. */
export async function applySnapshot(db: Db, pages: readonly Changes[], pulled_at: string): Promise<void> {
  const last = pages.at(-1);
  if (!last) return;
  const transaction = db.transaction(['visits', 'feedback', 'meta'], 'readwrite');
  const [visits, feedback] = [transaction.objectStore('visits'), transaction.objectStore('feedback')];
  const before = new Map((await feedback.getAll()).map((record) => [record.id, record]));
  void visits.clear();
  void feedback.clear();
  for (const change of pages.flatMap((page) => page.changes)) {
    if (change.op === 'del') {
      void (change.kind === 'visit' ? visits : feedback).delete(change.id);
    } else if (change.kind === 'visit') {
      void visits.put(visitRecord(change));
    } else {
      void feedback.put(feedbackRecord(change, before.get(change.id)));
    }
  }
  void transaction.objectStore('meta').put({ cursor: last.cursor, epoch: last.epoch, pulled_at }, 'feed');
  await transaction.done;
}

type Put<Kind> = Extract<Change, { op: 'put'; kind: Kind }>;

function visitRecord({ id, rev, value }: Put<'visit'>): VisitRecord {
  return { id, rev, value };
}

function feedbackRecord(
  { id, rev, value }: Put<'feedback'>,
  before: FeedbackRecord | undefined,
): FeedbackRecord {
  return { id, rev, value, read_here: before?.read_here ?? false };
}

/** Whether what is held is what should be held. */
export async function agrees(db: Db, check: Changes['check']): Promise<boolean> {
  const names = [
    ...(await db.getAll('visits')).map((record) => entryName('visit', record.id, record.rev)),
    ...(await db.getAll('feedback')).map((record) => entryName('feedback', record.id, record.rev)),
  ];
  if (names.length !== check.count) return false;
  return feedSum(await Promise.all(names.map((name) => sha256(utf8(name))))) === check.sum;
}

/** Forgets how far the feed was read, so that the next pull is a whole snapshot; the rows stay until it is there. */
export async function forgetCursor(db: Db, epoch?: string): Promise<void> {
  const transaction = db.transaction('meta', 'readwrite');
  const before = (await transaction.store.get('feed')) as
    { epoch?: string | null; pulled_at?: string | null } | undefined;
  void transaction.store.put(
    { cursor: null, epoch: epoch ?? before?.epoch ?? null, pulled_at: before?.pulled_at ?? null },
    'feed',
  );
  await transaction.done;
}

/** The versions that are filled in or will be: those of open visits and of drafts. */
export async function wantedChecklists(db: Db): Promise<Set<string>> {
  const [visits, drafts] = await Promise.all([db.getAll('visits'), db.getAll('drafts')]);
  const open = visits.filter(({ value }) => ['assigned', 'accepted', 'returned'].includes(value.state));
  return new Set([
    ...open.map(({ value }) => value.checklist.sha256),
    ...drafts.map((draft) => draft.checklist),
  ]);
}

/** Those of them that are not here yet. */
export async function lackingChecklists(db: Db): Promise<string[]> {
  const wanted = await wantedChecklists(db);
  for (const sha256 of await db.getAllKeys('checklists')) wanted.delete(sha256);
  return [...wanted];
}

export async function feedState(db: Db) {
  return (await getMeta(db, 'feed')) ?? { cursor: null, epoch: null, pulled_at: null };
}
