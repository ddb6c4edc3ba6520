// The steps of a round: each one request (a pull: one for each page) and what is kept of its answer.
// Not here: their order (plan.ts) and what a failure means (failure.ts).

import { readJson, type Api } from '../../api/client';
import type { Changes, OfferAnswer, OfferRequest, Quarantined, Receipt } from '../../api/types';
import { base64, hex, sha256, utf8 } from '../bytes';
import { getMeta, setMeta, type Db, type OutboxRecord } from '../db';
import { agrees, applyPage, applySnapshot, feedState, forgetCursor } from '../feed';
import { changeItem, isOpen, oldestFirst } from '../outbox';
import { Spoiled } from './failure';
import { upload } from './tus';

export interface Context {
  db: Db;
  api: Api;
  now: () => Date;
}

const TIMEOUT_MS = 60_000;
const PAGE_ENTRIES = 200;

/** Notes the epoch of an answer. In a new one the feed is read from the beginning. */
async function sawEpoch({ db }: Context, epoch: string): Promise<void> {
  const known = (await feedState(db)).epoch;
  if (known !== null && known !== epoch) await forgetCursor(db, epoch);
}

export async function offer(context: Context, audits: readonly string[]): Promise<void> {
  const { db, api } = context;
  const held = oldestFirst(await db.getAll('outbox'));
  const open = held.filter(isOpen);
  const waiting = open.flatMap((item) => item.photos.filter((photo) => photo.state !== 'sent'));
  const request: OfferRequest = {
    items: held
      .filter((item) => audits.includes(item.audit))
      .map((item) => ({
        audit: item.audit,
        sha256: item.sha256,
        photos: item.photos.map((photo) => photo.sha256),
      })),
    outbox: {
      audits: open.length,
      photos: waiting.length,
      photo_bytes: waiting.reduce((sum, photo) => sum + photo.size_bytes - photo.sent_bytes, 0),
      ...(open[0] ? { oldest: new Date(open[0].finished_at).toISOString() } : {}),
    },
  };
  const answer = await api.post<OfferAnswer>('/sync/offer', request, {
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  await sawEpoch(context, answer.epoch);
  for (const { audit, state, receipt, photos_needed, partial } of answer.items) {
    await changeItem(db, audit, (item) => {
      if (item.state === 'parked') return;
      item.state = state === 'unknown' ? 'waiting' : state;
      if (receipt) item.receipt = receipt;
      notePhotos(item, photos_needed, partial);
      noteComplete(item, context.now());
    });
  }
  const covered = held.every((item) => item.state === 'parked' || audits.includes(item.audit));
  const before = await getMeta(db, 'offered');
  await setMeta(db, 'offered', {
    audits: open.length,
    epoch: covered ? answer.epoch : (before?.epoch ?? null),
  });
}

/** Takes over what the server says it lacks. What is parked stays parked: sending it again would not help. */
function notePhotos(
  item: OutboxRecord,
  needed: readonly string[],
  partial: Readonly<Record<string, number>> = {},
): void {
  for (const photo of item.photos) {
    if (!needed.includes(photo.sha256)) {
      photo.state = 'sent';
      photo.sent_bytes = photo.size_bytes;
      delete photo.problem;
    } else if (photo.state !== 'parked') {
      photo.state = 'waiting';
      photo.sent_bytes = Math.min(partial[photo.sha256] ?? 0, photo.size_bytes);
    }
  }
}

function noteComplete(item: OutboxRecord, now: Date): void {
  if (item.state === 'complete') item.completed_at ??= now.toISOString();
  else delete item.completed_at;
}

/** Hands in the answers: the exact text, with its digest. Any 2xx means that the server has them. */
export async function audit(context: Context, id: string): Promise<void> {
  const { db, api } = context;
  const item = await db.get('outbox', id);
  if (!item) return;
  const bytes = utf8(item.text);
  const response = await api.send('PUT', `/audits/${id}`, {
    body: bytes,
    headers: {
      'Content-Type': 'application/json',
      'Content-Digest': `sha-256=:${base64(await sha256(bytes))}:`,
    },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const said = await readJson<Receipt | Quarantined>(response);
  const receipt = 'receipt' in said ? said.receipt : said;
  if (receipt.audit !== id || receipt.sha256 !== item.sha256)
    throw new Spoiled('The receipt is for something else.');
  await changeItem(db, id, (item) => {
    item.state = receipt.state;
    item.receipt = receipt;
    if ('receipt' in said) item.quarantine = { reason: said.reason, errors: said.errors };
    notePhotos(item, receipt.photos_missing);
    noteComplete(item, context.now());
  });
  await sawEpoch(context, receipt.epoch);
}

export async function photo(
  { db, api }: Context,
  audit: string,
  name: string,
  moved: () => void,
): Promise<void> {
  const [item, record] = await Promise.all([db.get('outbox', audit), db.get('photos', name)]);
  const begun_bytes = item?.photos.find((photo) => photo.sha256 === name)?.sent_bytes ?? 0;
  if (!record) {
    await changePhoto(db, name, (photo) => {
      photo.state = 'parked';
      photo.problem = { code: 'photo_gone', detail: '' };
    });
    return;
  }
  await upload(api, record, begun_bytes, async (offset_bytes) => {
    await changePhoto(db, name, (photo) => {
      photo.sent_bytes = offset_bytes;
    });
    moved();
  });
  await changePhoto(db, name, (photo) => {
    photo.state = 'sent';
    photo.sent_bytes = photo.size_bytes;
  });
}

/** A photo may belong to several audits (a correction keeps those of the first): it is sent once for all. */
export async function changePhoto(
  db: Db,
  name: string,
  change: (photo: OutboxRecord['photos'][number]) => void,
): Promise<void> {
  for (const item of await db.getAll('outbox')) {
    if (!item.photos.some((photo) => photo.sha256 === name)) continue;
    await changeItem(db, item.audit, (item) =>
      item.photos.filter((photo) => photo.sha256 === name).forEach(change),
    );
  }
}

export async function commands({ db, api }: Context): Promise<void> {
  const waiting = await db.getAll('commands');
  const { results } = await api.post<{ results: { id: string; outcome: 'done' | 'refused' }[] }>(
    '/sync/commands',
    { commands: waiting },
    { signal: AbortSignal.timeout(TIMEOUT_MS) },
  );
  // A refusal is an answer too; the next pull shows how things stand.
  for (const { id } of results) await db.delete('commands', id);
  if (results.length === 0) throw new Spoiled('No command was answered.');
}

/** Reads the feed to its end. A snapshot is gathered beside what is held, and swapped in when it is whole. */
export async function pull(context: Context): Promise<void> {
  const { db } = context;
  for (const attempt of ['as it stands', 'from the beginning']) {
    if (attempt === 'from the beginning') await forgetCursor(db);
    const check = await readFeed(context);
    if (await agrees(db, check)) return;
  }
}

async function readFeed(context: Context): Promise<Changes['check']> {
  const { db, api } = context;
  let cursor = (await feedState(db)).cursor;
  let snapshot: Changes[] | null = cursor === null ? [] : null;
  for (;;) {
    const page: Changes = await api.get<Changes>('/sync/changes', {
      query: { cursor: cursor ?? undefined, limit: PAGE_ENTRIES },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await sawEpoch(context, page.epoch);
    if (page.reset) snapshot = [];
    if (snapshot) snapshot.push(page);
    else await applyPage(db, page, context.now().toISOString());
    cursor = page.cursor;
    if (!page.more) {
      if (snapshot) await applySnapshot(db, snapshot, context.now().toISOString());
      return page.check;
    }
  }
}

/** Fetches a checklist version and keeps its exact text, if it is what its name says. */
export async function checklist({ db, api }: Context, name: string): Promise<void> {
  const response = await api.send('GET', `/checklists/${name}`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  const bytes = await response.arrayBuffer();
  if (hex(await sha256(bytes)) !== name) throw new Spoiled('The checklist is not what its name says.');
  await db.put('checklists', { sha256: name, text: new TextDecoder().decode(bytes) });
}

/** Fetches a reference picture and keeps it, if it is what its name says. */
export async function picture({ db, api }: Context, name: string): Promise<void> {
  const response = await api.send('GET', `/checklists/pictures/${name}`, {
    headers: { Accept: '*/*' },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const bytes = await response.arrayBuffer();
  if (hex(await sha256(bytes)) !== name) throw new Spoiled('The picture is not what its name says.');
  await db.put('pictures', { sha256: name, bytes, type: response.headers.get('Content-Type') ?? '' });
}
