// Who is believed: a server that says who it is, receipts that it signed, answers of the right shape, bodies that it reads.

import { beforeEach, describe, expect, it } from 'vitest';
import { getMeta } from '../db';
import { FakeServer, problem } from '../testing/fake-server';
import { CHECKLIST_TEXT, checklistName, handIn, phone, visit } from '../testing/sample';
import type { Context } from './context';
import { HELLO_LASTS_MS } from './hello';
import { examine } from './receipts';
import { runRound } from './round';

let server: FakeServer;
let here: Context;
let now: Date;
const sync = () => runRound(here, () => {});
const HTML = { 'Content-Type': 'text/html' };
const state = async (audit: string) => (await here.db.get('outbox', audit))?.state;

beforeEach(async () => {
  server = new FakeServer();
  await server.makeKeys();
  server.checklists.set(await checklistName(), CHECKLIST_TEXT);
  now = new Date('2026-11-22T12:00:00Z');
  here = { ...(await phone(server)), now: () => now };
});

describe('hello', () => {
  it('comes before anything is sent, and not again for a while', async () => {
    await handIn(here.db, await visit('one'));
    await sync();
    expect(server.seen[0]?.path).toBe('/sync/hello');
    await handIn(here.db, await visit('two'));
    await sync();
    expect(server.requests('GET', '/sync/hello')).toHaveLength(1);
    now = new Date(now.getTime() + HELLO_LASTS_MS);
    await handIn(here.db, await visit('three'));
    await sync();
    expect(server.requests('GET', '/sync/hello')).toHaveLength(2);
  });

  it('is not asked for a mere look at the feed', async () => {
    await sync();
    expect(server.requests('GET', '/sync/hello')).toHaveLength(0);
  });

  it('is asked again after the line was lost: it may be another one now', async () => {
    const audit = await handIn(here.db, await visit('one'));
    server.fault = ({ method }) => (method === 'PUT' ? 'cut before' : undefined);
    expect((await sync()).end).toBe('offline');
    server.fault = () => undefined;
    await sync();
    expect(server.requests('GET', '/sync/hello')).toHaveLength(2);
    expect(await state(audit)).toBe('complete');
  });

  const portals: [string, ReturnType<FakeServer['fault']>][] = [
    ['a page', { status: 200, bytes: new ArrayBuffer(9), headers: HTML, foreign: true }],
    ['a page, by a server of the same make', { status: 200, bytes: new ArrayBuffer(9), headers: HTML }],
    ['JSON of its own', { status: 200, json: { status: 'login required' } }],
    ['nothing', { status: 204, foreign: true }],
    ['a refusal', { status: 511, headers: HTML, foreign: true }],
    ['the way to its page', { status: 302, headers: { Location: '/login' }, foreign: true }],
  ];
  it.each(portals)('a portal that answers with %s ends the round, and nothing is sent', async (_, reply) => {
    const audit = await handIn(here.db, await visit('one'));
    server.fault = () => reply;
    expect((await sync()).end).toBe('portal');
    expect(server.seen).toHaveLength(1);
    expect(await state(audit)).toBe('waiting');
  });

  it('a server that is too old for it is talked to as before', async () => {
    server.keys = undefined;
    const audit = await handIn(here.db, await visit('one'), [10]);
    expect(await sync()).toMatchObject({ end: 'done', aside: 0 });
    expect(await state(audit)).toBe('complete');
    expect((await here.db.get('outbox', audit))?.receipt_verified).toBeUndefined();
  });
});

describe('an answer of success that is none', () => {
  const answers: [string, object][] = [
    ['nothing in it', {}],
    ['words', { ok: true }],
    ['a receipt without its photos', { audit: 'a', sha256: 'b', epoch: 'c', state: 'complete' }],
  ];
  it.each(answers)('to a PUT: %s', async (_, json) => {
    const audit = await handIn(here.db, await visit('one'));
    server.fault = ({ method }) => (method === 'PUT' ? { status: 200, json } : undefined);
    expect(await sync()).toMatchObject({ end: 'done', aside: 1 });
    expect(await state(audit)).toBe('waiting');
  });

  it('to an offer: complete, without a receipt', async () => {
    const audit = await handIn(here.db, await visit('one'));
    const items = [{ audit, state: 'complete', photos_needed: [], partial: {} }];
    server.fault = ({ path }) =>
      path === '/sync/offer' ? { status: 200, json: { epoch: server.epoch, items } } : undefined;
    await sync();
    expect(server.requests('PUT', '/audits')).toHaveLength(1);
  });

  it('to a chunk: a page in place of an offset', async () => {
    const audit = await handIn(here.db, await visit('one'), [10]);
    server.fault = ({ method }) =>
      method === 'PATCH' ? { status: 200, headers: { 'Content-Type': 'text/html' } } : undefined;
    expect((await sync()).end).toBe('portal');
    expect((await here.db.get('outbox', audit))?.photos[0]?.state).toBe('waiting');
  });

  it('to a command: it stays', async () => {
    await here.db.add('commands', { id: 'k', kind: 'feedback.read', subject: 'f' });
    server.fault = ({ path }) => (path === '/sync/commands' ? { status: 200, json: {} } : undefined);
    await sync();
    expect(await here.db.count('commands')).toBe(1);
  });

  it('to a pull: nothing is taken off the phone', async () => {
    server.put('visit', await visit('one'));
    await sync();
    server.fault = ({ path }) =>
      path === '/sync/changes' ? { status: 200, json: { reset: true, changes: [] } } : undefined;
    expect(await sync()).toMatchObject({ aside: 1 });
    expect(await here.db.count('visits')).toBe(1);
  });
});

describe('receipts', () => {
  it('a genuine one is noted as such', async () => {
    const audit = await handIn(here.db, await visit('one'), [10]);
    await sync();
    expect(await here.db.get('outbox', audit)).toMatchObject({ state: 'complete', receipt_verified: true });
  });

  it('a forged one is no acknowledgement, whatever it comes with', async () => {
    const audit = await handIn(here.db, await visit('one'));
    await sync();
    const genuine = await server.receipt(audit);
    const keys = (await getMeta(here.db, 'hello'))!.said!.receipt_keys!;
    expect(await examine(genuine, keys)).toBe('genuine');
    expect(await examine({ ...genuine, number: 9 }, keys)).toBe('forged');
    expect(await examine({ ...genuine, signature: '' }, keys)).toBe('forged');
    expect(await examine(genuine, [])).toBe('unverified');
    expect(await examine(genuine, ['ed25519:nonsense'])).toBe('unverified');
    await server.makeKeys();
    const other = (await server.hello()).receipt_keys!;
    expect(await examine(genuine, other)).toBe('forged');
    expect(await examine(genuine, ['ed25519:nonsense', ...other, ...keys])).toBe('genuine');
  });

  it.each(['PUT', 'POST'])('an audit stays waiting on a forged one in answer to %s', async (method) => {
    const audit = await handIn(here.db, await visit('one'));
    const { sha256 } = (await here.db.get('outbox', audit))!;
    const receipt = {
      ...(await server.signed({
        audit,
        sha256,
        epoch: server.epoch,
        number: 1,
        received_at: '2026-11-22T12:00:00Z',
        state: 'complete',
        photos_missing: [],
      })),
      number: 2,
    };
    const items = [{ audit, state: 'complete', receipt, photos_needed: [], partial: {} }];
    server.fault = (request) => {
      if (request.method === 'PUT') return method === 'PUT' ? { status: 201, json: receipt } : 'cut before';
      if (request.path === '/sync/offer' && method === 'POST')
        return { status: 200, json: { epoch: server.epoch, items } };
      return undefined;
    };
    await sync();
    expect(await state(audit)).toBe('waiting');
    expect((await here.db.get('outbox', audit))?.receipt).toBeUndefined();
  });

  it('any key that the server tells will do: the one before, or the next', async () => {
    const before = server.keys!;
    await server.makeKeys();
    server.other_keys = [before];
    const audit = await handIn(here.db, await visit('one'));
    await sync();
    server.keys = before;
    const late = await handIn(here.db, await visit('two'));
    expect(await sync()).toMatchObject({ aside: 0 });
    expect([await state(audit), await state(late)]).toEqual(['complete', 'complete']);
    expect((await here.db.get('outbox', late))?.receipt_verified).toBe(true);
    expect(server.requests('GET', '/sync/hello')).toHaveLength(1);
  });

  it('of a key that is younger than the hello the server is asked once more', async () => {
    const first = await handIn(here.db, await visit('one'));
    await sync();
    await server.makeKeys();
    const second = await handIn(here.db, await visit('two'));
    expect(await sync()).toMatchObject({ end: 'done', aside: 0 });
    expect([await state(first), await state(second)]).toEqual(['complete', 'complete']);
    expect(server.requests('GET', '/sync/hello')).toHaveLength(2);
    expect(server.requests('PUT', '/audits')).toHaveLength(3);
  });

  it('that no key has signed stays untrusted, and costs one more question a round', async () => {
    await sync();
    const audits = [await handIn(here.db, await visit('one')), await handIn(here.db, await visit('two'))];
    const hello = { status: 200, json: await server.hello() };
    await server.makeKeys();
    server.fault = ({ path }) => (path === '/sync/hello' ? hello : undefined);
    expect(await sync()).toMatchObject({ end: 'done' });
    for (const audit of audits) expect(await state(audit)).toBe('waiting');
    expect(server.requests('GET', '/sync/hello')).toHaveLength(2);
  });

  const nobody: [string, ReturnType<FakeServer['fault']>][] = [
    ['a page', { status: 200, bytes: new ArrayBuffer(9), headers: HTML, foreign: true }],
    ['a hello that tells no key', { status: 200, json: { service: 'plainclothes', epoch: 'epoch-one' } }],
    ['no knowledge of the question', problem(404, 'not_found', 'park')],
  ];
  it.each(nobody)('whoever is asked once more and answers with %s is not believed', async (_, reply) => {
    await handIn(here.db, await visit('one'));
    await sync();
    await server.makeKeys();
    const audit = await handIn(here.db, await visit('two'));
    now = new Date(now.getTime() + 1000);
    server.fault = ({ path }) => (path === '/sync/hello' ? reply : undefined);
    for (const _round of [1, 2]) {
      expect((await sync()).end).toBe('portal');
      expect(await state(audit)).toBe('waiting');
    }
    expect((await here.db.get('outbox', audit))?.receipt).toBeUndefined();
  });
});

describe('compressed requests', () => {
  const long = async () => {
    const of = await visit('one');
    return handIn(
      here.db,
      of,
      Array.from({ length: 40 }, (_, at) => 10 + at),
    );
  };
  const put = () => server.requests('PUT', '/audits');

  it('go where the server reads them, and what arrives is the exact text', async () => {
    const audit = await long();
    const { text } = (await here.db.get('outbox', audit))!;
    await sync();
    expect(put()[0]?.headers.get('Content-Encoding')).toBe('gzip');
    expect(put()[0]!.body.byteLength).toBeLessThan(text.length * 0.7);
    expect(server.audits.get(audit)?.text).toBe(text);
    expect(server.requests('POST', '/sync/offer')[0]?.headers.get('Content-Encoding')).toBe('gzip');
  });

  it('are not made of what is short', async () => {
    await handIn(here.db, await visit('one'));
    await sync();
    expect(put()[0]?.headers.get('Content-Encoding')).toBeNull();
  });

  it('are not sent to a server that does not say it reads them', async () => {
    server.encodings = [];
    server.fault = () => undefined;
    await long();
    await sync();
    expect(put().map(({ headers }) => headers.get('Content-Encoding'))).toEqual([null]);
  });

  it('are sent plain at once when they are refused all the same', async () => {
    const audit = await long();
    server.fault = ({ headers }) =>
      headers.has('Content-Encoding') ? problem(415, 'unsupported_media_type', 'park') : undefined;
    expect(await sync()).toMatchObject({ end: 'done', aside: 0 });
    expect(await state(audit)).toBe('complete');
    expect(server.seen.filter(({ headers }) => headers.has('Content-Encoding'))).toHaveLength(1);
  });
});
