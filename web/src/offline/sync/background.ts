// A round of sync while no page may be open: for the service worker, when the browser says that the line is back.
// It is the same round under the same lock as a page's. Not here: asking the browser for it (field/state/background.ts).

import { createApi, type Api } from '../../api/client';
import type { Me } from '../../api/types';
import { getMeta, open } from '../db';
import { isOpen } from '../outbox';
import { contextOf } from './context';
import { LOCK } from './owner';
import { runRound } from './round';
import { answerOf, isObject } from './shapes';

const TAG = 'plainclothes-outbox ';

/** What the browser is asked to wake the worker for. It names whose outbox it is: a worker has no other way to know. */
export function tagOf(user: string): string {
  return TAG + user;
}

export function userOf(tag: string): string | null {
  return tag.startsWith(TAG) ? tag.slice(TAG.length) : null;
}

/** Runs one round when something waits, after a page's that is under way. Throws when the browser should wake it again. */
export async function runInBackground(
  user: string,
  onData: () => void,
  api: Api = createApi(),
): Promise<void> {
  await navigator.locks.request(LOCK, async () => {
    const db = await open(user);
    try {
      if (!(await db.getAll('outbox')).some(isOpen)) return;
      const context = contextOf(db, api);
      // A page keeps its own time; the browser knows nothing of what the server asked for.
      if (context.now() < new Date((await getMeta(db, 'rest'))?.until ?? 0))
        throw new Error('The server rests.');
      if (!(await isSignedIn(api, user))) return;
      const result = await runRound(context, onData);
      if (result.end !== 'done' && result.end !== 'signed_out')
        throw new Error(`The round ended: ${result.end}.`);
    } finally {
      db.close();
    }
  });
}

/** The session is the browser's: what one person made must not go out in the name of whoever signed in after them. */
async function isSignedIn(api: Api, user: string): Promise<boolean> {
  const isMe = (said: unknown): said is Me => isObject(said) && typeof said['user'] === 'string';
  try {
    return (await answerOf(await api.send('GET', '/sessions/current'), isMe)).user === user;
  } catch (error) {
    if (isObject(error) && error['retry'] === 'after_login') return false;
    throw error;
  }
}
