// Whether a receipt was signed by our server, as far as this browser can tell.

import type { Receipt } from '../../api/types';
import { fromBase64, utf8 } from '../bytes';

/** `unverified`: there is no key that can be used, or the browser does not know Ed25519. */
export type Verdict = 'genuine' | 'forged' | 'unverified';

const PREFIX = 'ed25519:';
const keys = new Map<string, Promise<CryptoKey | null>>();

/** `told` is what `hello` says, each `ed25519:` and base64: one of them has to have signed it. */
export async function examine(receipt: Receipt, told: readonly string[]): Promise<Verdict> {
  const ours = told.filter((key) => key.startsWith(PREFIX)).map((key) => imported(key.slice(PREFIX.length)));
  const public_keys = (await Promise.all(ours)).filter((key) => key !== null);
  if (public_keys.length === 0) return 'unverified';
  const { signature = '', ...signed } = receipt;
  // Members stay in the order in which they came; the numbers of a receipt are integers: this is the text that was signed.
  const text = utf8(JSON.stringify(signed));
  try {
    const bytes = fromBase64(signature.slice(PREFIX.length));
    for (const key of signature.startsWith(PREFIX) ? public_keys : []) {
      if (await crypto.subtle.verify('Ed25519', key, bytes, text)) return 'genuine';
    }
  } catch {
    // No signature at all, or no base64.
  }
  return 'forged';
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
