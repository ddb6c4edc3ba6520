// Who is at the other end of the line, and what it takes: asked before something is sent, and not again for a while.
// A hotel's sign-in page cannot answer it.

import { ApiProblem, NoConnection, readJson } from '../../api/client';
import { getMeta, setMeta, type Db } from '../db';
import type { Context } from './context';
import { sawEpoch } from './epoch';
import { areStrings, isObject, ours } from './shapes';

/** `GET /sync/hello`, as much of it as the phone goes by. */
export interface Hello {
  service: 'plainclothes';
  epoch: string;
  /** `ed25519:` and the base64 of the key that receipts are signed with now. */
  receipt_key: string;
  /** All that receipts may have been signed with; absent from servers of which the key never changes. */
  receipt_keys?: string[];
  /** Codings of request bodies that the server reads. */
  encodings: string[];
  limits: { chunk_bytes_max?: number };
}

/** For so long nothing is asked again on a line that works. */
export const HELLO_LASTS_MS = 10 * 60_000;
const TIMEOUT_MS = 20_000;

/** Throws NoConnection, foreign, when whoever answers is not Plainclothes. */
export async function hello(context: Context): Promise<void> {
  const { db, api, now } = context;
  const said = await ask();
  // Else whoever stands in for the server could have its receipts believed unseen.
  if (!said && (await heard(db)))
    throw new NoConnection('This server does not say who it is any more.', true);
  await setMeta(db, 'hello', { said, heard_at: now().toISOString() });
  if (said) await sawEpoch(context, said.epoch);

  /** Null from a server of ours that is too old to know the question. */
  async function ask(): Promise<Hello | null> {
    try {
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      const response = await api.send('GET', '/sync/hello', { signal, redirect: 'manual' });
      const said = await readJson<unknown>(ours(response));
      if (isHello(said)) return said;
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 404) return null;
      throw error;
    }
    throw new NoConnection('Whoever answers is not Plainclothes.', true);
  }
}

function isHello(said: unknown): said is Hello {
  return (
    isObject(said) &&
    said['service'] === 'plainclothes' &&
    typeof said['epoch'] === 'string' &&
    typeof said['receipt_key'] === 'string' &&
    (said['receipt_keys'] === undefined || areStrings(said['receipt_keys'])) &&
    areStrings(said['encodings']) &&
    isObject(said['limits'])
  );
}

/** What was last said, however long ago. */
export async function heard(db: Db): Promise<Hello | null> {
  return (await getMeta(db, 'hello'))?.said ?? null;
}

/** The keys that a receipt may be signed with: any of them will do. */
export async function receiptKeys(db: Db): Promise<string[]> {
  const said = await heard(db);
  return said ? (said.receipt_keys ?? [said.receipt_key]) : [];
}

/** Whether it is time to ask again. */
export async function isHelloDue(db: Db, now: Date): Promise<boolean> {
  const age_ms = now.getTime() - Date.parse((await getMeta(db, 'hello'))?.heard_at ?? '');
  return !(age_ms >= 0 && age_ms < HELLO_LASTS_MS);
}

/** The next round asks again: the line may be another one now, or the server. */
export async function doubtHello(db: Db): Promise<void> {
  const known = await getMeta(db, 'hello');
  if (known) await setMeta(db, 'hello', { ...known, heard_at: '' });
}
