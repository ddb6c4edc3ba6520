// The phone's database: which records there are and how they are found. One database for each user, so that whoever
// signs in next never sees, and never loses, another's work. Its schema only grows: records are added to, never reshaped.
// Not here: what the records mean to each other (drafts.ts, outbox.ts, feed.ts, photos.ts,
// pictures.ts).

import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type {
  Answer,
  AuditDocument,
  Feedback,
  Me,
  Quarantined,
  Receipt,
  VisitForShopper,
} from '../api/types';
import type { Stopwatch } from '../domain/stopwatch';
import type { Hello } from './sync/hello';

/** Single values, by name. */
export interface Meta {
  me: Me;
  /** Where the feed has been read to. Without a cursor the next pull is a whole snapshot. */
  feed: { cursor: string | null; epoch: string | null; pulled_at: string | null };
  /** What the server was last told: how many audits this phone still holds, and in which epoch it was offered all of them. */
  offered: { audits: number; epoch: string | null };
  /** The phone's clock minus the server's, as last seen. */
  clock: { difference_ms: number };
  /** What the server last said of itself; null from one that is too old to be asked. */
  hello: { said: Hello | null; heard_at: string };
  /** The server asked not to be bothered before this, in the phone's time. */
  rest: { until: string };
}

export interface VisitRecord {
  id: string;
  rev: number;
  value: VisitForShopper;
}

export interface FeedbackRecord {
  id: string;
  rev: number;
  value: Feedback;
  /** Read on this phone; the command that says so may still wait. */
  read_here: boolean;
}

/** A checklist version, as the exact text that its SHA-256 names. */
export interface ChecklistRecord {
  sha256: string;
  text: string;
}

/** A reference picture of a checklist. An ArrayBuffer as with photos. */
export interface PictureRecord {
  sha256: string;
  bytes: ArrayBuffer;
  type: string;
}

/** A photo's bytes. An ArrayBuffer, not a Blob: WebKit loses blobs. */
export interface PhotoRecord {
  sha256: string;
  bytes: ArrayBuffer;
  size_bytes: number;
  type: string;
  taken_at: string;
}

/** What people see of a visit; kept with drafts and audits, since the visit itself may be taken off the phone. */
export interface Place {
  location_name: string;
  city: string;
  client_name: string;
  client_color: string;
  time_zone: string;
}

/** An audit being filled in. */
export interface DraftRecord {
  audit: string;
  visit: string;
  place: Place;
  /** SHA-256 of the version it was begun with, and stays on. */
  checklist: string;
  supersedes?: string;
  started_at: string;
  updated_at: string;
  /** Counts the changes. */
  revision: number;
  /** Time with the form open. */
  elapsed_ms: number;
  answers: Record<string, Answer>;
  /** Photos ever taken for it, by SHA-256. */
  photos: Record<string, AuditDocument['photos'][number]>;
  stopwatches: Record<string, Stopwatch>;
  /** The question last looked at. */
  at?: string;
}

export interface OutboxPhoto {
  sha256: string;
  size_bytes: number;
  type: string;
  state: 'waiting' | 'sent' | 'parked';
  sent_bytes: number;
  /** Times that it was begun anew because what arrived was not what was sent. */
  restarts: number;
  problem?: ItemProblem;
}

export interface ItemProblem {
  code: string;
  detail: string;
}

/** A finished audit. It leaves this phone only when the server has all of it, and not before 30 days after that. */
export interface OutboxRecord {
  audit: string;
  visit: string;
  supersedes?: string;
  place: Place;
  /** The audit document. These characters are what is sent, every time. */
  text: string;
  sha256: string;
  finished_at: string;
  score: AuditDocument['score'];
  photos: OutboxPhoto[];
  /**
   * waiting: only here. stored: the server has the answers. complete: and all photos. quarantined: the server has it and
   * a reviewer decides where it belongs. parked: the server would not take it; it waits for help.
   */
  state: 'waiting' | 'stored' | 'complete' | 'quarantined' | 'parked';
  receipt?: Receipt;
  /** Its signature was checked here and is right. Left out where the browser cannot check it. */
  receipt_verified?: true;
  quarantine?: Pick<Quarantined, 'reason' | 'errors'>;
  problem?: ItemProblem;
  completed_at?: string;
}

/** A small intent that waits to be told. */
export interface CommandRecord {
  id: string;
  kind: 'visit.accept' | 'visit.decline' | 'feedback.read';
  subject: string;
}

export interface Schema extends DBSchema {
  meta: { key: keyof Meta; value: Meta[keyof Meta] };
  visits: { key: string; value: VisitRecord };
  feedback: { key: string; value: FeedbackRecord };
  checklists: { key: string; value: ChecklistRecord };
  photos: { key: string; value: PhotoRecord };
  pictures: { key: string; value: PictureRecord };
  drafts: { key: string; value: DraftRecord };
  outbox: { key: string; value: OutboxRecord };
  commands: { key: string; value: CommandRecord };
}

export type Db = IDBPDatabase<Schema>;

const VERSION = 2;

/** Opens the user's database. `onOutdated` is called when a newer page waits for this one to let go of it. */
export async function open(user: string, onOutdated: () => void = () => {}): Promise<Db> {
  const db: Db = await openDB<Schema>(`plainclothes-field-${user}`, VERSION, {
    upgrade(fresh, from) {
      if (from < 1) {
        fresh.createObjectStore('meta');
        fresh.createObjectStore('visits', { keyPath: 'id' });
        fresh.createObjectStore('feedback', { keyPath: 'id' });
        fresh.createObjectStore('checklists', { keyPath: 'sha256' });
        fresh.createObjectStore('photos', { keyPath: 'sha256' });
        fresh.createObjectStore('drafts', { keyPath: 'audit' });
        fresh.createObjectStore('outbox', { keyPath: 'audit' });
        fresh.createObjectStore('commands', { keyPath: 'id' });
      }
      if (from < 2) fresh.createObjectStore('pictures', { keyPath: 'sha256' });
    },
    blocking() {
      db.close();
      onOutdated();
    },
  });
  return db;
}

export async function getMeta<K extends keyof Meta>(db: Db, name: K): Promise<Meta[K] | undefined> {
  return (await db.get('meta', name)) as Meta[K] | undefined;
}

export async function setMeta<K extends keyof Meta>(db: Db, name: K, value: Meta[K]): Promise<void> {
  await db.put('meta', value, name);
}

/**
 * Waits until all that was written is on the disk. Throws what the transaction ended with, which says why (no room left),
 * rather than what one of its requests did (it was aborted).
 */
export async function committed(done: Promise<unknown>, writes: readonly Promise<unknown>[]): Promise<void> {
  const [end, ...each] = await Promise.allSettled([done, ...writes]);
  const failed = [end, ...each].find((one) => one?.status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
}
