// Whether a receipt was signed by our server, as far as this browser can tell.

import type { Receipt } from '../../api/types';
import { fromBase64, utf8 } from '../bytes';

/** `unverified`: there is no key, or the browser does not know Ed25519. */
export type Verdict = 'genuine' | 'forged' | 'unverified';

const PREFIX = 'ed25519:';
const keys = new Map<string, Promise<CryptoKey | null>>();

/** `key` is what `hello` says: `ed25519:` and base64. */
export async function examine(receipt: Receipt, key: string | undefined): Promise<Verdict> {
  const public_key = key?.startsWith(PREFIX) ? await imported(key.slice(PREFIX.length)) : null;
  if (!public_key) return 'unverified';
  const { signature = '', ...signed } = receipt;
  // Members stay in the order in which they came; the numbers of a receipt are integers: this is the text that was signed.
  const text = utf8(JSON.stringify(signed));
  try {
    const bytes = fromBase64(signature.slice(PREFIX.length));
    const right =
      signature.startsWith(PREFIX) && (await crypto.subtle.verify('Ed25519', public_key, bytes, text));
    return right ? 'genuine' : 'forged';
  } catch {
    // No signature at all, or no base64.
    return 'forged';
  }
}

function imported(key: string): Promise<CryptoKey | null> {
  let known = keys.get(key);
  if (!known) {
    known = Promise.resolve()
      .then(() => crypto.subtle.importKey('raw', fromBase64(key), 'Ed25519', false, ['verify']))
      .catch(() => null);
    keys.set(key, known);
  }
  return known;
}
