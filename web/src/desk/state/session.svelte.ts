// Who is signed in. The session itself is a cookie that scripts cannot read; here is only what the server says of it.
import { createApi, readJson, type Call, type Method } from '../../api/client';
import type { Me, SessionCreated } from '../../api/types';
import { hasEnded } from '../lib/problems';
import { prefs } from './prefs.svelte';

const plain = createApi();

class Session {
  me = $state.raw<Me | null>(null);
  /** `asking` until the first answer, so that nobody sees a sign-in page for a blink. */
  state = $state<'asking' | 'in' | 'out'>('asking');
  /** Whether a session ended under the reader's hands, rather than never having begun. */
  ended = $state(false);

  async resume(): Promise<void> {
    try {
      this.#begin(await plain.get<Me>('/sessions/current'));
    } catch (thrown) {
      this.state = 'out';
      if (!hasEnded(thrown)) throw thrown;
    }
  }

  async signIn(email: string, password: string): Promise<void> {
    const created = await plain.post<SessionCreated>('/sessions', {
      email,
      password,
      device_name: deviceName(),
    });
    // The token is for clients without cookies; a page keeps none where a script could read it.
    this.#begin(created.me);
  }

  async signOut(): Promise<void> {
    try {
      await plain.delete('/sessions/current');
    } catch (thrown) {
      // Already over is as good as ended.
      if (!hasEnded(thrown)) throw thrown;
    }
    // Drafts and whatever pages remember are one person's: the next one begins with a fresh page.
    try {
      sessionStorage.clear();
    } catch {
      // Forbidden, so nothing is in it.
    }
    location.replace(location.pathname);
  }

  /** The server no longer knows the session. */
  lose(): void {
    this.me = null;
    this.state = 'out';
    this.ended = true;
  }

  #begin(me: Me): void {
    this.me = me;
    this.state = 'in';
    this.ended = false;
    prefs.suggest(me.locale);
  }
}

function deviceName(): string {
  const system = /Windows|Macintosh|iPad|iPhone|Android|Linux/.exec(navigator.userAgent)?.[0] ?? 'computer';
  return `Desk, ${system === 'Macintosh' ? 'Mac' : system}`;
}

export const session = new Session();

/** Every call of a signed-in page goes through here: an ended session turns the page to sign-in by itself. */
export const api = {
  get: <T>(path: string, call?: Call): Promise<T> => watched(plain.get<T>(path, call)),
  post: <T>(path: string, body?: unknown): Promise<T> => watched(plain.post<T>(path, body)),
  /** For other methods and bodies; the answer's JSON. */
  ask: <T>(method: Method, path: string, call?: Call): Promise<T> =>
    watched(plain.send(method, path, call).then((answer) => readJson<T>(answer))),
  /** The same, where the answer has nothing to say. */
  tell: async (method: Method, path: string, call?: Call): Promise<void> => {
    await watched(plain.send(method, path, call));
  },
};

async function watched<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (thrown) {
    if (hasEnded(thrown)) session.lose();
    throw thrown;
  }
}
