// The steps of a round that fetch, and that tell small things: each one request (a pull: one for each page) and what is kept
// of its answer. Not here: handing in (handing-in.ts), their order (plan.ts), and what a failure means (failure.ts).

import type { Changes } from '../../api/types';
import { hex, sha256 } from '../bytes';
import { agrees, applyPage, applySnapshot, feedState, forgetCursor } from '../feed';
import type { Context } from './context';
import { sawEpoch } from './epoch';
import { Spoiled } from './failure';
import { answerOf, bytesOf, isChanges, isCommandResults } from './shapes';

const TIMEOUT_MS = 60_000;
const PAGE_ENTRIES = 200;
/** The version of pull that this app speaks. */
const PULL_PROTOCOL = 1;

export async function commands({ db, api }: Context): Promise<void> {
  const waiting = await db.getAll('commands');
  const call = { json: { commands: waiting }, signal: AbortSignal.timeout(TIMEOUT_MS) };
  const { results } = await answerOf(await api.send('POST', '/sync/commands', call), isCommandResults);
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
    const response = await api.send('GET', '/sync/changes', {
      query: { cursor: cursor ?? undefined, limit: PAGE_ENTRIES, protocol: PULL_PROTOCOL },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const page: Changes = await answerOf(response, isChanges);
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
  const bytes = await bytesOf(response);
  if (hex(await sha256(bytes)) !== name) throw new Spoiled('The checklist is not what its name says.');
  await db.put('checklists', { sha256: name, text: new TextDecoder().decode(bytes) });
}

/** Fetches a reference picture and keeps it, if it is what its name says. */
export async function picture({ db, api }: Context, name: string): Promise<void> {
  const response = await api.send('GET', `/checklists/pictures/${name}`, {
    headers: { Accept: '*/*' },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const bytes = await bytesOf(response);
  if (hex(await sha256(bytes)) !== name) throw new Spoiled('The picture is not what its name says.');
  await db.put('pictures', { sha256: name, bytes, type: response.headers.get('Content-Type') ?? '' });
}
