// What is kept on the phone when there is little room, when a draft moves to another version, and as a file.

import type { IDBPTransaction } from 'idb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ChecklistDocument } from '../api/types';
import { carry } from '../domain/carry';
import { base64, hex, sha256, utf8 } from './bytes';
import type { Db } from './db';
import { addPhoto, beginDraft, changeDraft } from './drafts';
import { moveDraft } from './draft-move';
import { exported } from './export';
import { changeItem, finish, OtherVersion } from './outbox';
import { freeBytes, isLittleLeft, looksPrivate, PRIVATE_QUOTA_BYTES } from './storage';
import { FakeServer } from './testing/fake-server';
import { CHECKLIST, handIn, phone, photoBytes, sampleVersion, visit } from './testing/sample';

let db: Db;
afterEach(() => vi.restoreAllMocks());
beforeEach(async () => {
  ({ db } = await phone(new FakeServer()));
});

/**
 * The next write into `store` finds the disk full: as browsers do it, the request is aborted, and only the transaction says
 * why. After that there is room, if something was let go of.
 */
function full(store: 'photos' | 'outbox'): void {
  const real = db.transaction.bind(db);
  let refusals = 1;
  vi.spyOn(db, 'transaction').mockImplementation(((names: never, mode: never, how: never) => {
    const transaction = real(names, mode, how) as unknown as IDBPTransaction<unknown, string[], 'readwrite'>;
    if (!transaction.objectStoreNames.contains(store) || how === undefined || refusals-- <= 0)
      return transaction;
    transaction.done.catch(() => {});
    const refuse = () => {
      queueMicrotask(() => transaction.abort());
      return Promise.reject(new DOMException('aborted', 'AbortError'));
    };
    const standIn = <T extends object>(one: T, more: Record<string, unknown>): T =>
      new Proxy(one, {
        get: (of, key) => {
          const value = more[key as string] ?? (of[key as keyof T] as unknown);
          return typeof value === 'function' ? (value as () => void).bind(of) : value;
        },
      });
    const objectStore = (name: string) => {
      const one = transaction.objectStore(name);
      return name === store ? standIn(one, { put: refuse, add: refuse }) : one;
    };
    return standIn(transaction, {
      error: new DOMException('full', 'QuotaExceededError'),
      objectStore,
      ...(names === store ? { store: objectStore(store) } : {}),
    });
  }) as never);
}

async function complete(id: string, completed_at: string): Promise<string> {
  const audit = await handIn(db, await visit(id), [1_000]);
  await changeItem(db, audit, (item) => Object.assign(item, { state: 'complete', completed_at }));
  return audit;
}

describe('when the phone is full', () => {
  it('makes room from complete audits, oldest first, in the middle of taking a photo', async () => {
    const open = await handIn(db, await visit('open'), [1_000]);
    const old = await complete('old one', '2026-10-01T12:00:00Z');
    const recent = await complete('recent', '2026-11-01T12:00:00Z');
    const draft = await beginDraft(db, await visit('now'));
    full('photos');
    const name = await addPhoto(db, draft.audit, 'receipt', {
      bytes: photoBytes(900, 77),
      type: 'image/jpeg',
      taken_at: 'now',
    });
    expect((await db.getAllKeys('outbox')).sort()).toEqual([open, recent].sort());
    expect(await db.get('outbox', old)).toBeUndefined();
    expect((await db.get('drafts', draft.audit))?.answers['receipt']?.photos).toEqual([name]);
    expect(await db.get('photos', name)).toBeDefined();
  });

  it('refuses the photo, and keeps everything, when nothing can be let go', async () => {
    const open = await handIn(db, await visit('open'), [1_000]);
    const draft = await beginDraft(db, await visit('now'));
    await changeDraft(db, draft.audit, (now) => {
      now.answers['greeted'] = { value: true };
    });
    full('photos');
    const taken = { bytes: photoBytes(900, 77), type: 'image/jpeg', taken_at: 'now' };
    await expect(addPhoto(db, draft.audit, 'receipt', taken)).rejects.toThrow('full');
    expect(await db.getAllKeys('outbox')).toEqual([open]);
    expect((await db.get('drafts', draft.audit))?.answers).toEqual({ greeted: { value: true } });
    expect(await db.count('photos')).toBe(1);
  });

  it('keeps the draft whole when it cannot be finished, and finishes it when there is room', async () => {
    const draft = await beginDraft(db, await visit('now'));
    const answered = await changeDraft(db, draft.audit, (now) => {
      now.answers['greeted'] = { value: true };
    });
    const version = await sampleVersion();
    full('outbox');
    await expect(finish(db, draft.audit, version, 'en', 'test')).rejects.toThrow('full');
    expect(await db.get('drafts', draft.audit)).toEqual(answered);
    expect(await db.count('outbox')).toBe(0);
    vi.restoreAllMocks();
    await complete('old one', '2026-10-01T12:00:00Z');
    full('outbox');
    const item = await finish(db, draft.audit, version, 'en', 'test');
    expect(await db.getAllKeys('outbox')).toEqual([item.audit]);
    expect(await db.count('drafts')).toBe(0);
  });
});

describe('moving a draft to another version', () => {
  const later: ChecklistDocument = {
    ...CHECKLIST,
    version: 2,
    sections: [{ ...CHECKLIST.sections[0]!, questions: [CHECKLIST.sections[0]!.questions[0]!] }],
  };
  const to = { sha256: 'later', document: later };

  async function begun() {
    const draft = await beginDraft(db, await visit('now'));
    const taken = { bytes: photoBytes(9, 1), type: 'image/jpeg', taken_at: 'now' };
    await addPhoto(db, draft.audit, 'receipt', taken);
    const answered = await changeDraft(db, draft.audit, (now) => {
      now.answers['greeted'] = { value: true };
      now.stopwatches['gone'] = { earlier_ms: 5, since: null };
      now.at = 'receipt';
    });
    return answered!;
  }

  it('keeps what fits, lets go of what the shopper was told does not, and its photos', async () => {
    const draft = await begun();
    const carried = carry(CHECKLIST, later, draft.answers);
    expect(carried.left.map(({ question }) => question)).toEqual(['receipt']);
    expect(await moveDraft(db, draft.audit, draft.revision, to, carried)).toBe(true);
    const moved = (await db.get('drafts', draft.audit))!;
    expect(moved).toMatchObject({
      checklist: 'later',
      answers: { greeted: { value: true } },
      stopwatches: {},
    });
    expect(moved.at).toBeUndefined();
    expect(await db.count('photos')).toBe(0);
  });

  it('does nothing when the draft was changed after the preview', async () => {
    const draft = await begun();
    const carried = carry(CHECKLIST, later, draft.answers);
    await changeDraft(db, draft.audit, (now) => {
      now.answers['greeted'] = { value: false };
    });
    expect(await moveDraft(db, draft.audit, draft.revision, to, carried)).toBe(false);
    expect(await db.get('drafts', draft.audit)).toMatchObject({
      checklist: draft.checklist,
      answers: { greeted: { value: false } },
    });
    expect(await db.count('photos')).toBe(1);
  });

  it('a page that still shows the version before cannot finish it', async () => {
    const draft = await begun();
    await moveDraft(db, draft.audit, draft.revision, to, carry(CHECKLIST, later, draft.answers));
    await expect(finish(db, draft.audit, await sampleVersion(), 'en', 'test')).rejects.toThrow(OtherVersion);
  });
});

describe('the outbox as a file', () => {
  const of = { user: 'person', exported_at: '2026-11-22T12:00:00Z', app_version: 'test' };

  it('has who and when first, then each audit as its exact text and each photo once', async () => {
    await handIn(db, await visit('one'), [500_000, 7]);
    await handIn(db, await visit('six'), [500_000]);
    const items = await db.getAll('outbox');
    const text = await (await exported(db, items, of)).text();
    expect(text.endsWith('\n')).toBe(true);
    const [head, ...lines] = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, string>);
    expect(head).toEqual({ format: 'plainclothes-outbox-2', ...of });
    expect(lines.slice(0, 2)).toEqual(items.map(({ audit, sha256, text }) => ({ audit, sha256, text })));
    for (const { sha256: name, text } of items) expect(hex(await sha256(utf8(text)))).toBe(name);
    const photos = lines.slice(2);
    expect(photos).toHaveLength(2);
    for (const { photo, type, base64: said } of photos) {
      expect(type).toBe('image/jpeg');
      const bytes = Uint8Array.from(atob(said!), (one) => one.charCodeAt(0));
      expect(hex(await sha256(bytes))).toBe(photo);
      expect(said).toBe(base64(bytes));
    }
  });

  it('goes without a photo that is not here any more', async () => {
    const audit = await handIn(db, await visit('one'), [9]);
    await db.clear('photos');
    const text = await (await exported(db, [(await db.get('outbox', audit))!], of)).text();
    expect(text.trimEnd().split('\n')).toHaveLength(2);
  });
});

describe('how safe the space is', () => {
  const space = { usage_bytes: 10e6, quota_bytes: 2e9, persisted: false, workers: true };
  it('warns when little is left, and not when nobody knows', () => {
    expect(isLittleLeft(space)).toBe(false);
    expect(isLittleLeft({ ...space, usage_bytes: 1.98e9 })).toBe(true);
    expect(isLittleLeft({ ...space, quota_bytes: null })).toBe(false);
    expect(freeBytes({ ...space, usage_bytes: 3e9 })).toBe(0);
  });
  it('takes for a private window what has little room and no promise, or no service workers', () => {
    expect(looksPrivate(space)).toBe(false);
    const little = { ...space, quota_bytes: PRIVATE_QUOTA_BYTES - 1 };
    expect(looksPrivate(little)).toBe(true);
    expect(looksPrivate({ ...little, persisted: true })).toBe(false);
    expect(looksPrivate({ ...space, workers: false })).toBe(true);
    expect(looksPrivate({ ...space, quota_bytes: null })).toBe(false);
  });
});
