// A correction on a phone that does not hold what was handed in: it begins with all of it, or is not begun.

import { beforeEach, describe, expect, it } from 'vitest';
import { NoConnection } from '../../api/client';
import type { VisitForShopper } from '../../api/types';
import { beginCorrection, beginDraft, beginFetched, lacksHandedIn } from '../drafts';
import { documentOf, finish } from '../outbox';
import { FakeServer, type Seen } from '../testing/fake-server';
import { CHECKLIST_TEXT, checklistName, handIn, phone, sampleVersion, visit } from '../testing/sample';
import { Spoiled } from './failure';
import { fetchHandedIn, type Fetching } from './handed-in';
import { runRound } from './round';
import type { Context } from './context';

let server: FakeServer;
/** The phone that the shopper has now. */
let here: Context;
let returned: VisitForShopper;
let audit: string;

/** A request for a photo, not for its upload. */
const isPhoto = ({ method, path }: Seen) => method === 'GET' && path.startsWith('/photos/');

function fetching(more: Partial<Fetching> = {}): Fetching {
  return { photos: new Map(), onProgress: () => {}, signal: new AbortController().signal, ...more };
}

beforeEach(async () => {
  server = new FakeServer();
  server.checklists.set(await checklistName(), CHECKLIST_TEXT);
  const before = await phone(server);
  audit = await handIn(before.db, await visit('one'), [3_000, 500]);
  expect((await runRound(before, () => {})).end).toBe('done');
  here = await phone(server);
  returned = await visit('one', { state: 'returned', audit });
  server.seen = [];
});

async function begin(more: Partial<Fetching> = {}) {
  const { document, photos } = await fetchHandedIn(here, audit, fetching(more));
  return beginFetched(here.db, returned, document, photos);
}

async function held() {
  return { drafts: await here.db.count('drafts'), photos: await here.db.count('photos') };
}

describe('a correction on a new phone', () => {
  it('begins with every answer and photo, and goes its way like any other', async () => {
    const steps: string[] = [];
    const draft = await begin({ onProgress: (now, all) => steps.push(`${now}/${all}`) });
    expect(draft).toMatchObject({ supersedes: audit, answers: { greeted: { value: true } } });
    expect(draft.audit).not.toBe(audit);
    expect(draft.answers['receipt']?.photos).toHaveLength(2);
    expect(steps).toEqual(['0/2', '1/2', '2/2']);
    expect(await here.db.get('drafts', draft.audit)).toEqual(draft);
    expect((await here.db.get('checklists', draft.checklist))?.text).toBe(CHECKLIST_TEXT);
    for (const photo of await here.db.getAll('photos')) {
      expect([...new Uint8Array(photo.bytes)]).toEqual(server.photos.get(photo.sha256)?.bytes);
    }
    const item = await finish(here.db, draft.audit, await sampleVersion(), 'en', 'test');
    expect(documentOf(item)).toMatchObject({ supersedes: audit, photos: [{}, {}] });
    await runRound(here, () => {});
    expect((await here.db.get('outbox', draft.audit))?.state).toBe('complete');
    expect(server.requests('PATCH', '/photos')).toHaveLength(0);
  });

  it('leaves nothing behind when the line breaks, and then fetches only what is lacking', async () => {
    let asked = 0;
    server.fault = (request) => (isPhoto(request) && ++asked === 2 ? 'cut before' : undefined);
    const photos: Fetching['photos'] = new Map();
    await expect(begin({ photos })).rejects.toBeInstanceOf(NoConnection);
    expect(await held()).toEqual({ drafts: 0, photos: 0 });
    const draft = await begin({ photos });
    expect(draft.answers['receipt']?.photos).toHaveLength(2);
    expect(await held()).toEqual({ drafts: 1, photos: 2 });
    expect(server.seen.filter(isPhoto)).toHaveLength(3);
  });

  it('takes no photo that is not what its name says: once more, and then no further', async () => {
    const damaged = { status: 200, bytes: new Uint8Array([1, 2, 3]).buffer };
    let spent = false;
    server.fault = (request) => (isPhoto(request) && !spent ? ((spent = true), damaged) : undefined);
    expect((await begin()).answers['receipt']?.photos).toHaveLength(2);
    here = await phone(server);
    server.fault = (request) => (isPhoto(request) ? damaged : undefined);
    await expect(begin()).rejects.toBeInstanceOf(Spoiled);
    expect(await held()).toEqual({ drafts: 0, photos: 0 });
  });

  it('takes no document that was altered, and none of another audit', async () => {
    const other = await handIn(here.db, await visit('two'));
    await runRound(here, () => {});
    const { text } = server.audits.get(other)!;
    server.audits.get(audit)!.text = text;
    await expect(begin()).rejects.toBeInstanceOf(Spoiled);
    server.fault = ({ path }) =>
      path.endsWith('/document')
        ? { status: 200, json: {}, headers: { 'Content-Digest': 'sha-256=:AAAA:' } }
        : undefined;
    await expect(begin()).rejects.toBeInstanceOf(Spoiled);
  });

  it('does without a photo that the server does not have, and says so', async () => {
    const [lost] = [...server.photos.keys()];
    server.photos.delete(lost!);
    const { document, photos, photos_gone } = await fetchHandedIn(here, audit, fetching());
    expect(photos_gone).toBe(1);
    const draft = await beginFetched(here.db, returned, document, photos);
    expect(draft.answers['receipt']?.photos).toEqual([photos[0]!.sha256]);
    await expect(finish(here.db, draft.audit, await sampleVersion(), 'en', 'test')).resolves.toBeDefined();
  });

  it('stops when the shopper has gone elsewhere', async () => {
    const gone = new AbortController();
    const onProgress = (now: number) => now === 1 && gone.abort();
    await expect(begin({ onProgress, signal: gone.signal })).rejects.toMatchObject({ name: 'AbortError' });
    expect(server.seen.filter(isPhoto)).toHaveLength(1);
    expect(await held()).toEqual({ drafts: 0, photos: 0 });
  });

  it('never touches a draft that was begun meanwhile', async () => {
    const empty = await beginDraft(here.db, returned);
    expect(await begin()).toEqual(empty);
    expect(await held()).toEqual({ drafts: 1, photos: 0 });
  });
});

describe('what a correction lacks', () => {
  it('is the audit that was returned, and only before it is begun', async () => {
    expect(lacksHandedIn(returned, [], [])).toBe(true);
    expect(lacksHandedIn(returned, [], [{ audit: 'another' }])).toBe(true);
    expect(lacksHandedIn(returned, [], [{ audit }])).toBe(false);
    expect(lacksHandedIn({ ...returned, state: 'accepted' }, [], [])).toBe(false);
    const draft = await beginCorrection(here.db, returned);
    expect(lacksHandedIn(returned, [draft], [])).toBe(false);
  });
});
