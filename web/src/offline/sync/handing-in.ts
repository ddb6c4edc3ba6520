// The steps of a round that hand in: asking what the server lacks, the answers of an audit, one photo; and what is kept of
// what it says. Not here: what comes when (plan.ts), and how a photo goes in chunks (tus.ts).

import type { OfferRequest, Receipt } from '../../api/types';
import { utf8 } from '../bytes';
import { getMeta, setMeta, type Db, type OutboxRecord } from '../db';
import { changeItem, isOpen, oldestFirst } from '../outbox';
import { sendText } from './coding';
import type { Context } from './context';
import { sawEpoch } from './epoch';
import { Untrusted } from './failure';
import { heard, receiptKeys } from './hello';
import { examine, type Verdict } from './receipts';
import { answerOf, isArrival, isOfferAnswer } from './shapes';
import { upload } from './tus';

const TIMEOUT_MS = 60_000;

export async function offer(context: Context, audits: readonly string[]): Promise<void> {
  const { db } = context;
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
  const text = utf8(JSON.stringify(request));
  const answer = await answerOf(
    await sendText(context, 'POST', '/sync/offer', text, TIMEOUT_MS),
    isOfferAnswer,
  );
  await sawEpoch(context, answer.epoch);
  let untrusted = false;
  for (const { audit, state, receipt, photos_needed, partial } of answer.items) {
    const of = held.find((item) => item.audit === audit);
    if (!of || of.state === 'parked') continue;
    const verdict = receipt ? await judge(context, receipt, of) : undefined;
    if (verdict === 'forged') {
      untrusted = true;
      continue;
    }
    await changeItem(db, audit, (item) => {
      if (item.state === 'parked') return;
      item.state = state === 'unknown' ? 'waiting' : state;
      if (receipt) noteReceipt(item, receipt, verdict);
      notePhotos(item, photos_needed, partial);
      noteComplete(item, context.now());
    });
  }
  if (untrusted) throw new Untrusted('A receipt is not genuine.');
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
  const { db } = context;
  const item = await db.get('outbox', id);
  if (!item) return;
  const response = await sendText(context, 'PUT', `/audits/${id}`, utf8(item.text), TIMEOUT_MS);
  const said = await answerOf(response, isArrival);
  const receipt = 'receipt' in said ? said.receipt : said;
  const verdict = await judge(context, receipt, item);
  if (verdict === 'forged') throw new Untrusted('The receipt is not genuine, or for something else.');
  await changeItem(db, id, (item) => {
    item.state = receipt.state;
    noteReceipt(item, receipt, verdict);
    if ('receipt' in said) item.quarantine = { reason: said.reason, errors: said.errors };
    notePhotos(item, receipt.photos_missing);
    noteComplete(item, context.now());
  });
  await sawEpoch(context, receipt.epoch);
}

/** What is not for this audit is as good as forged. */
async function judge({ db }: Context, receipt: Receipt, item: OutboxRecord): Promise<Verdict> {
  if (receipt.audit !== item.audit || receipt.sha256 !== item.sha256) return 'forged';
  return examine(receipt, await receiptKeys(db));
}

function noteReceipt(item: OutboxRecord, receipt: Receipt, verdict?: Verdict): void {
  item.receipt = receipt;
  if (verdict === 'genuine') item.receipt_verified = true;
  else delete item.receipt_verified;
}

export async function photo(context: Context, audit: string, name: string, moved: () => void): Promise<void> {
  const { db } = context;
  const [item, record] = await Promise.all([db.get('outbox', audit), db.get('photos', name)]);
  const listed = item?.photos.find((photo) => photo.sha256 === name);
  if (!record) {
    await changePhoto(db, name, (photo) => {
      photo.state = 'parked';
      photo.problem = { code: 'photo_gone', detail: '' };
    });
    return;
  }
  await upload(context, record, {
    begun_bytes: listed?.sent_bytes ?? 0,
    checked: (listed?.restarts ?? 0) > 0,
    chunk_bytes_max: (await heard(db))?.limits.chunk_bytes_max,
    onSent: async (offset_bytes) => {
      await changePhoto(db, name, (photo) => {
        photo.sent_bytes = offset_bytes;
      });
      moved();
    },
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
