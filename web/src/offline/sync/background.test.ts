// Rounds while no page is open.

import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createApi } from '../../api/client';
import { FakeServer, problem } from '../testing/fake-server';
import { CHECKLIST_TEXT, checklistName, handIn, visit } from '../testing/sample';
import { open } from '../db';
import { runInBackground, tagOf, userOf } from './background';

let server: FakeServer;
let user: string;
let users = 0;
let signed_in: string;
const wake = () => runInBackground(user, () => {}, createApi({ fetch: server.fetch }));

beforeEach(async () => {
  server = new FakeServer();
  server.checklists.set(await checklistName(), CHECKLIST_TEXT);
  signed_in = user = `woken-${++users}`;
  server.fault = ({ path }) =>
    path === '/sessions/current' ? { status: 200, json: { user: signed_in } } : undefined;
  vi.stubGlobal('navigator', {
    locks: { request: (_: string, run: () => Promise<void>) => run() },
  });
});

async function finished(): Promise<() => Promise<string | undefined>> {
  const db = await open(user);
  const audit = await handIn(db, await visit('one'), [10]);
  return async () => (await db.get('outbox', audit))?.state;
}

describe('a worker that is woken', () => {
  it('knows whose outbox it is woken for', () => {
    expect(userOf(tagOf('me'))).toBe('me');
    expect(userOf('somebody else’s tag')).toBeNull();
  });

  it('hands in what waits', async () => {
    const state = await finished();
    await wake();
    expect(await state()).toBe('complete');
  });

  it('asks nobody when nothing waits', async () => {
    await wake();
    expect(server.seen).toHaveLength(0);
  });

  it('hands nothing in under another name, nor without a session', async () => {
    const state = await finished();
    signed_in = 'somebody else';
    await wake();
    server.fault = () => problem(401, 'session_ended', 'after_login');
    await wake();
    expect(server.seen.map(({ path }) => path)).toEqual(['/sessions/current', '/sessions/current']);
    expect(await state()).toBe('waiting');
  });

  it('wants to be woken again when the line breaks, and not before the server said', async () => {
    const state = await finished();
    const sessions = server.fault;
    server.fault = (request) => sessions(request) ?? (request.method === 'PUT' ? 'cut before' : undefined);
    await expect(wake()).rejects.toThrow('offline');
    server.fault = (request) =>
      sessions(request) ??
      (request.method === 'PUT' ? problem(503, 'overloaded', 'later', { 'Retry-After': '60' }) : undefined);
    await expect(wake()).rejects.toThrow('busy');
    const asked = server.seen.length;
    await expect(wake()).rejects.toThrow('rests');
    expect(server.seen).toHaveLength(asked);
    expect(await state()).toBe('waiting');
  });
});
