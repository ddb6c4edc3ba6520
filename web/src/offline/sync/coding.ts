// Sends a JSON text compressed where the server is known to read that, and as it is where not. The text itself is never
// touched: what is kept, hashed and named stays the exact characters.

import { ApiProblem } from '../../api/client';
import { base64, sha256 } from '../bytes';
import { getMeta, setMeta } from '../db';
import type { Context } from './context';
import { heard } from './hello';

/** Below this, compressing saves less than it costs to say so. */
export const CODED_FROM_BYTES = 1024;

/** `Content-Digest` is of the bytes that are sent. Throws as `Api.send` does. */
export async function sendText(
  { api, db }: Context,
  method: 'PUT' | 'POST',
  path: string,
  text: Uint8Array<ArrayBuffer>,
  timeout_ms: number,
): Promise<Response> {
  const send = async (body: Uint8Array<ArrayBuffer>, coding: Record<string, string>) =>
    api.send(method, path, {
      body,
      headers: {
        'Content-Type': 'application/json',
        'Content-Digest': `sha-256=:${base64(await sha256(body))}:`,
        ...coding,
      },
      signal: AbortSignal.timeout(timeout_ms),
    });
  const coded = (await heard(db))?.encodings.includes('gzip') ? await gzipped(text) : null;
  if (coded) {
    try {
      return await send(coded, { 'Content-Encoding': 'gzip' });
    } catch (error) {
      if (!(error instanceof ApiProblem && error.status === 415)) throw error;
      // It is another server than the one that said so, or something on the way takes offence.
      const known = await getMeta(db, 'hello');
      if (known?.said) await setMeta(db, 'hello', { ...known, said: { ...known.said, encodings: [] } });
    }
  }
  return send(text, {});
}

/** Null when it is not worth it, or not possible here. */
export async function gzipped(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer> | null> {
  if (bytes.byteLength < CODED_FROM_BYTES || typeof CompressionStream === 'undefined') return null;
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('gzip'));
  const coded = new Uint8Array(await new Response(stream).arrayBuffer());
  return coded.byteLength < bytes.byteLength ? coded : null;
}
