// Who uses this phone. The session itself is a cookie that scripts cannot read; here is only whose it is, so that the
// app starts without a network. Signing out, or a session that ends, never touches what has not been handed in.

import type { Api } from '../api/client';
import type { Me, SessionCreated } from '../api/types';
import { getMeta, open, setMeta, type Db } from './db';

const LAST_USER = 'plainclothes.user';

/** The database of whoever was signed in last; null when nobody is. */
export async function resume(onOutdated: () => void): Promise<{ db: Db; me: Me } | null> {
  const user = localStorage.getItem(LAST_USER);
  if (user === null) return null;
  const db = await open(user, onOutdated);
  const me = await getMeta(db, 'me');
  if (me) return { db, me };
  db.close();
  return null;
}

/**
 * Another page may sign somebody else in, or this person out: the session is the browser's, not the page's, and what is held
 * here must never go out under another name.
 */
export function watchUser(mine: () => string | undefined, onOther: () => void): void {
  window.addEventListener('storage', ({ key, newValue }) => {
    if (key === LAST_USER && mine() !== undefined && newValue !== mine()) onOther();
  });
}

export async function signIn(
  api: Api,
  email: string,
  password: string,
  device_name: string,
  onOutdated: () => void,
): Promise<{ db: Db; me: Me }> {
  const { me } = await api.post<SessionCreated>('/sessions', { email, password, device_name });
  const db = await open(me.user, onOutdated);
  await setMeta(db, 'me', me);
  localStorage.setItem(LAST_USER, me.user);
  return { db, me };
}

/**
 * Ends the session, here at once and at the server when it can be reached. What the agency sent is taken off the phone;
 * drafts, the outbox and their photos stay for the next time this person signs in.
 */
export async function signOut(api: Api, db: Db): Promise<void> {
  localStorage.removeItem(LAST_USER);
  const transaction = db.transaction(['visits', 'feedback', 'commands', 'meta'], 'readwrite');
  void transaction.objectStore('visits').clear();
  void transaction.objectStore('feedback').clear();
  void transaction.objectStore('commands').clear();
  void transaction.objectStore('meta').delete('feed');
  void transaction.objectStore('meta').delete('me');
  await transaction.done;
  db.close();
  await api.delete('/sessions/current').catch(() => {});
}
