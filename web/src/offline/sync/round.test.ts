// Whole rounds against a server in memory, on a line that breaks: nothing is lost, doubled or altered.

import { beforeEach, describe, expect, it } from 'vitest';
import type { Feedback } from '../../api/types';
import { base64, sha256, utf8 } from '../bytes';
import { getMeta } from '../db';
import { beginCorrection, beginDraft, changeDraft } from '../drafts';
import { documentOf, finish } from '../outbox';
import { FakeServer, problem, type Seen } from '../testing/fake-server';
import {
  CHECKLIST_TEXT,
  checklistName,
  handIn,
  phone,
  photoBytes,
  sampleVersion,
  visit,
} from '../testing/sample';
import { runRound, type RoundResult } from './round';
import type { Context } from './context';

let server: FakeServer;
let here: Context;
const sync = (): Promise<RoundResult> => runRound(here, () => {});
const is = (method: string, path: string) => (request: Seen) =>
  request.method === method && request.path.startsWith(path);

/** This fault once, for the first request that fits. */
function once(fits: (request: Seen) => boolean, fault: ReturnType<FakeServer['fault']>): void {
  let spent = false;
  server.fault = (request) => {
    if (spent || !fits(request)) return undefined;
    spent = true;
    return fault;
  };
}

beforeEach(async () => {
  server = new FakeServer();
  server.checklists.set(await checklistName(), CHECKLIST_TEXT);
  here = await phone(server);
});

describe('pull', () => {
  it('brings visits, their checklist as the exact text, and then only what changed', async () => {
    server.put('visit', await visit('one'));
    expect(await sync()).toMatchObject({ end: 'done', aside: 0 });
    expect((await here.db.getAll('visits')).map((record) => record.id)).toEqual(['one']);
    expect((await here.db.get('checklists', await checklistName()))?.text).toBe(CHECKLIST_TEXT);
    server.put('visit', await visit('two'));
    server.put('visit', await visit('one', { state: 'accepted' }), 2);
    await sync();
    expect((await here.db.getAll('visits')).map((record) => record.value.state)).toEqual([
      'accepted',
      'assigned',
    ]);
    expect(server.requests('GET', '/checklists')).toHaveLength(1);
  });

  it('reads several pages, and swaps a snapshot in only when it is whole', async () => {
    for (const id of ['a', 'b', 'c', 'd', 'e']) server.put('visit', await visit(id));
    server.page_entries = 2;
    await sync();
    expect(await here.db.count('visits')).toBe(5);
    server.epoch = 'epoch-two';
    server.entries = server.entries.slice(2);
    let pages = 0;
    server.fault = (request) =>
      request.path === '/sync/changes' && ++pages === 2 ? 'cut before' : undefined;
    expect((await sync()).end).toBe('offline');
    expect(await here.db.count('visits')).toBe(5);
    server.fault = () => undefined;
    await sync();
    expect((await here.db.getAllKeys('visits')).sort()).toEqual(['c', 'd', 'e']);
  });

  it('asks for a snapshot when what it holds is not what it should hold', async () => {
    server.put('visit', await visit('one'));
    await sync();
    await here.db.delete('visits', 'one');
    await sync();
    expect(await here.db.count('visits')).toBe(1);
  });

  it('a del takes the visit off, and never a draft or anything in the outbox', async () => {
    const [one, two] = [await visit('one'), await visit('two')];
    server.put('visit', one);
    server.put('visit', two);
    await sync();
    const draft = await beginDraft(here.db, one);
    const audit = await handIn(here.db, two);
    server.del('visit', 'one');
    server.del('visit', 'two');
    await sync();
    expect(await here.db.count('visits')).toBe(0);
    expect(await here.db.get('drafts', draft.audit)).toBeDefined();
    expect(await here.db.get('checklists', draft.checklist)).toBeDefined();
    expect((await here.db.get('outbox', audit))?.state).toBe('complete');
  });

  it('keeps a checklist out that is not what its name says', async () => {
    server.put('visit', await visit('one'));
    server.checklists.set(await checklistName(), CHECKLIST_TEXT.replace('greeted', 'insulted'));
    expect(await sync()).toMatchObject({ end: 'done', aside: 1 });
    expect(await here.db.count('checklists')).toBe(0);
  });

  it('keeps what was read here, also over a snapshot', async () => {
    const feedback = { id: 'f', visit: 'v', audit: 'a', outcome: 'approved' } as unknown as Feedback;
    server.put('feedback', feedback);
    await sync();
    const record = (await here.db.get('feedback', 'f'))!;
    await here.db.put('feedback', { ...record, read_here: true });
    await here.db.put('commands', { id: 'k', kind: 'feedback.read', subject: 'f' });
    server.epoch = 'epoch-two';
    await sync();
    expect((await here.db.get('feedback', 'f'))?.read_here).toBe(true);
    expect(await here.db.count('commands')).toBe(0);
  });
});

describe('handing in', () => {
  it('sends the exact text with its digest, then the photos in chunks, and knows when all is there', async () => {
    const audit = await handIn(here.db, await visit('one'), [600_000, 1_000]);
    const item = (await here.db.get('outbox', audit))!;
    expect(await sync()).toMatchObject({ end: 'done', aside: 0 });
    expect(server.audits.get(audit)?.text).toBe(item.text);
    const [put] = server.requests('PUT', '/audits');
    expect(put?.headers.get('Content-Digest')).toBe(`sha-256=:${base64(await sha256(utf8(item.text)))}:`);
    expect(server.requests('PATCH', '/photos').map(({ body }) => body.byteLength)).toEqual([
      ...Array<number>(8).fill(75_000),
      1_000,
    ]);
    expect(await here.db.get('outbox', audit)).toMatchObject({
      state: 'complete',
      completed_at: expect.any(String),
    });
    expect(await getMeta(here.db, 'offered')).toMatchObject({ audits: 0 });
  });

  it('oldest first, answers of all before photos of any', async () => {
    const first = await handIn(here.db, await visit('one'), [10]);
    const second = await handIn(here.db, await visit('two2'), [10]);
    await sync();
    const order = server.seen
      .filter(({ method }) => method === 'PUT' || method === 'PATCH')
      .map(({ path }) => path);
    expect(order.slice(0, 2)).toEqual([`/audits/${first}`, `/audits/${second}`]);
    expect(order).toHaveLength(4);
  });

  it('a lost reply doubles nothing', async () => {
    const audit = await handIn(here.db, await visit('one'), [10]);
    once(is('PUT', '/audits'), 'cut after');
    expect((await sync()).end).toBe('offline');
    expect((await here.db.get('outbox', audit))?.state).toBe('waiting');
    expect((await sync()).end).toBe('done');
    expect(server.audits.size).toBe(1);
    expect(server.requests('PUT', '/audits')).toHaveLength(1);
    expect((await here.db.get('outbox', audit))?.state).toBe('complete');
  });

  it('goes on where the server stands after a cut, without sending a byte twice', async () => {
    await handIn(here.db, await visit('one'), [700_000]);
    once(is('PATCH', '/photos'), 'cut after');
    expect((await sync()).end).toBe('done');
    expect(server.requests('HEAD', '/photos')).toHaveLength(1);
    const sent = server.requests('PATCH', '/photos').reduce((sum, { body }) => sum + body.byteLength, 0);
    expect(sent).toBe(700_000);
    const whole = [...server.photos.values()][0]!.bytes;
    expect(whole).toEqual([...new Uint8Array(photoBytes(700_000, 3))]);
  });

  it('arrives on a line that loses every third request or reply', async () => {
    const audit = await handIn(here.db, await visit('one'), [900_000, 300_000]);
    let chance = 7;
    server.fault = ({ body }) => {
      chance = (chance * 1_103_515_245 + 12_345) % 2 ** 31;
      const at = chance / 2 ** 31;
      return at < 1 / 6 ? { cut_at: body.byteLength / 2 } : at < 1 / 3 ? 'cut after' : undefined;
    };
    let rounds = 0;
    while ((await sync()).end !== 'done' || (await here.db.get('outbox', audit))?.state !== 'complete') {
      if (++rounds > 40) throw new Error('it does not arrive');
    }
    // Only what went with a checksum before the first cut went for nothing.
    expect(server.carried_bytes).toBeLessThan(1_200_000 * 1.15);
    expect(server.audits.size).toBe(1);
  });

  it('a session that ended keeps the outbox, and stops the round', async () => {
    const audit = await handIn(here.db, await visit('one'));
    server.fault = () => problem(401, 'session_ended', 'after_login');
    expect((await sync()).end).toBe('signed_out');
    expect(server.seen).toHaveLength(1);
    expect((await here.db.get('outbox', audit))?.state).toBe('waiting');
  });

  it('what the server cannot take is parked with the reason, and its neighbours go on', async () => {
    const bad = await handIn(here.db, await visit('one'));
    const good = await handIn(here.db, await visit('two'));
    server.fault = (request) =>
      request.path === `/audits/${bad}` ? problem(413, 'too_large', 'park') : undefined;
    expect((await sync()).end).toBe('done');
    expect(await here.db.get('outbox', bad)).toMatchObject({
      state: 'parked',
      problem: { code: 'too_large' },
    });
    expect(await here.db.get('outbox', good)).toMatchObject({ state: 'complete' });
    await sync();
    expect(server.requests('PUT', `/audits/${bad}`)).toHaveLength(1);
  });

  it('quarantined work is kept with its reason, and is not sent again', async () => {
    const audit = await handIn(here.db, await visit('one'));
    const sha = (await here.db.get('outbox', audit))!.sha256;
    const receipt = { audit, sha256: sha, epoch: server.epoch, state: 'quarantined', photos_missing: [] };
    once(is('PUT', '/audits'), {
      status: 202,
      json: { audit, sha256: sha, reason: 'visit_withdrawn', errors: [], receipt },
    });
    await sync();
    expect(await here.db.get('outbox', audit)).toMatchObject({
      state: 'quarantined',
      quarantine: { reason: 'visit_withdrawn' },
    });
    await sync();
    expect(server.requests('PUT', '/audits')).toHaveLength(1);
  });

  it('answers still go when there is no room for photos', async () => {
    const audit = await handIn(here.db, await visit('one'), [10]);
    server.fault = (request) =>
      request.path.startsWith('/photos')
        ? problem(507, 'storage_full', 'later', { 'Retry-After': '60' })
        : undefined;
    expect(await sync()).toMatchObject({ end: 'done', aside: 1, retry_after_ms: 60_000 });
    expect((await here.db.get('outbox', audit))?.state).toBe('stored');
  });

  it('a photo that arrived damaged is begun anew once, then parked', async () => {
    const audit = await handIn(here.db, await visit('one'), [10]);
    once(is('PATCH', '/photos'), problem(422, 'photo_digest_mismatch', 'park'));
    await sync();
    expect((await here.db.get('outbox', audit))?.state).toBe('complete');
    const other = await handIn(here.db, await visit('other'), [10]);
    server.fault = (request) =>
      request.method === 'PATCH' ? problem(422, 'photo_digest_mismatch', 'park') : undefined;
    await sync();
    expect((await here.db.get('outbox', other))?.photos[0]).toMatchObject({
      state: 'parked',
      problem: { code: 'photo_digest_mismatch' },
    });
  });

  it('takes no receipt that is for something else', async () => {
    const audit = await handIn(here.db, await visit('one'));
    once(is('PUT', '/audits'), {
      status: 201,
      json: { audit, sha256: 'other', state: 'complete', photos_missing: [] },
    });
    expect(await sync()).toMatchObject({ end: 'done', aside: 1 });
    expect((await here.db.get('outbox', audit))?.state).not.toBe('complete');
  });

  it("takes a hotel's sign-in page for no answer", async () => {
    const audit = await handIn(here.db, await visit('one'));
    server.fault = () => ({ status: 200, headers: { 'Content-Type': 'text/html' } });
    expect((await sync()).end).toBe('portal');
    expect((await here.db.get('outbox', audit))?.state).toBe('waiting');
  });

  it('gives a restored server back what it has lost, receipts or not', async () => {
    const audit = await handIn(here.db, await visit('one'), [10]);
    await sync();
    server.audits.clear();
    server.photos.clear();
    server.epoch = 'epoch-two';
    await sync();
    expect(server.audits.size).toBe(1);
    expect((await here.db.get('outbox', audit))?.state).toBe('complete');
    expect(await getMeta(here.db, 'offered')).toEqual({ audits: 0, epoch: 'epoch-two' });
  });

  it('still owes everything to a new epoch when the round was cut', async () => {
    await handIn(here.db, await visit('one'));
    await sync();
    server.audits.clear();
    server.epoch = 'epoch-two';
    once(is('POST', '/sync/offer'), 'cut before');
    await sync();
    expect(server.audits.size).toBe(0);
    await sync();
    expect(server.audits.size).toBe(1);
  });
});

describe('on the phone', () => {
  it('finishing twice, and from two pages at once, gives one audit', async () => {
    const { audit } = await beginDraft(here.db, await visit('one'));
    await changeDraft(here.db, audit, (draft) => {
      draft.answers['greeted'] = { value: true };
    });
    const version = await sampleVersion();
    const finished = await Promise.all([1, 2, 3].map(() => finish(here.db, audit, version, 'en', 'test')));
    expect(new Set(finished.map((item) => item.sha256)).size).toBe(1);
    expect(await here.db.count('outbox')).toBe(1);
    expect(await here.db.count('drafts')).toBe(0);
  });

  it('two pages cannot undo each other’s answers', async () => {
    const { audit } = await beginDraft(here.db, await visit('one'));
    const answers = ['a', 'b', 'c', 'd'];
    await Promise.all(
      answers.map((id) =>
        changeDraft(here.db, audit, (draft) => {
          draft.answers[id] = { value: true };
        }),
      ),
    );
    expect(Object.keys((await here.db.get('drafts', audit))!.answers).sort()).toEqual(answers);
  });

  it('a correction carries answers and photos over, and names what it supersedes', async () => {
    server.put('visit', await visit('one'));
    await sync();
    const first = await handIn(here.db, await visit('one'), [10]);
    await sync();
    const returned = await visit('one', { state: 'returned', audit: first });
    const draft = await beginCorrection(here.db, returned);
    expect(draft.audit).not.toBe(first);
    expect(draft.supersedes).toBe(first);
    expect(draft.answers['greeted']?.value).toBe(true);
    expect(await beginCorrection(here.db, returned)).toEqual(draft);
    const item = await finish(here.db, draft.audit, await sampleVersion(), 'en', 'test');
    expect(documentOf(item)).toMatchObject({ supersedes: first, photos: [{ size_bytes: 10 }] });
    await sync();
    expect((await here.db.get('outbox', draft.audit))?.state).toBe('complete');
    expect(server.requests('PATCH', '/photos')).toHaveLength(1);
  });
});
