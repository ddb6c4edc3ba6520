// Fetches what was handed in from a phone that is not this one, or is not on this one any more: the document and its
// photos, each checked against its digest. It keeps nothing but the checklist version; what comes is whole or not used.
// Not here: the draft that begins with it (drafts.ts).

import { ApiProblem } from '../../api/client';
import type { AuditDocument } from '../../api/types';
import { base64, hex, sha256 } from '../bytes';
import type { PhotoRecord } from '../db';
import { Spoiled } from './failure';
import type { Context } from './context';
import { bytesOf } from './shapes';
import { checklist } from './steps';

const TIMEOUT_MS = 60_000;
/** A line of 50 kbit/s; the time that a photo is given grows with its size. */
const SLOWEST_BYTES_PER_MS = 6.25;
/** What came damaged is asked for again at once, so often in all. */
const TRIES = 2;

/** A fetching that may be gone on with: what came before the line broke is not fetched again. */
export interface Fetching {
  /** Photos that have come, by SHA-256; filled as they come. */
  readonly photos: Map<string, PhotoRecord>;
  /** Told how many of the photos are here. */
  onProgress: (here: number, all: number) => void;
  signal: AbortSignal;
}

export interface HandedIn {
  document: AuditDocument;
  photos: PhotoRecord[];
  /** How many photos the server does not have. */
  photos_gone: number;
}

/**
 * Throws NoConnection or ApiProblem as the line and the server have it, Spoiled for what is not what its digest says, and
 * an AbortError between two requests after `signal`.
 */
export async function fetchHandedIn(context: Context, audit: string, fetching: Fetching): Promise<HandedIn> {
  const document = await fetchDocument(context, audit);
  if (!(await context.db.get('checklists', document.checklist))) await checklist(context, document.checklist);
  const all = document.photos.length;
  const photos: PhotoRecord[] = [];
  for (const [at, listed] of document.photos.entries()) {
    fetching.onProgress(at, all);
    fetching.signal.throwIfAborted();
    const photo =
      fetching.photos.get(listed.sha256) ??
      (await context.db.get('photos', listed.sha256)) ??
      (await fetchPhoto(context, document, listed));
    if (!photo) continue;
    fetching.photos.set(photo.sha256, photo);
    photos.push(photo);
  }
  fetching.onProgress(all, all);
  fetching.signal.throwIfAborted();
  return { document, photos, photos_gone: all - photos.length };
}

async function fetchDocument(context: Context, audit: string): Promise<AuditDocument> {
  const bytes = await fetched(context, `/audits/${audit}/document`, TIMEOUT_MS, async (bytes, headers) => {
    return headers.get('Content-Digest') === `sha-256=:${base64(await sha256(bytes))}:`;
  });
  const document = JSON.parse(new TextDecoder().decode(bytes)) as AuditDocument;
  if (document.audit !== audit) throw new Spoiled('The document is of another audit.');
  return document;
}

/** Null when the server does not have it: it was never sent, or waited for no longer. */
async function fetchPhoto(
  context: Context,
  document: AuditDocument,
  { sha256: name, size_bytes, type, taken_at = document.finished_at }: AuditDocument['photos'][number],
): Promise<PhotoRecord | null> {
  const timeout_ms = TIMEOUT_MS + size_bytes / SLOWEST_BYTES_PER_MS;
  try {
    const bytes = await fetched(
      context,
      `/photos/${name}`,
      timeout_ms,
      async (bytes) => hex(await sha256(bytes)) === name,
    );
    return { sha256: name, bytes, size_bytes: bytes.byteLength, type, taken_at };
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 404) return null;
    throw error;
  }
}

async function fetched(
  { api }: Context,
  path: string,
  timeout_ms: number,
  isWhole: (bytes: ArrayBuffer, headers: Headers) => Promise<boolean>,
): Promise<ArrayBuffer> {
  for (let tries = 1; ; tries++) {
    const signal = AbortSignal.timeout(Math.round(timeout_ms));
    const response = await api.send('GET', path, { headers: { Accept: '*/*' }, signal });
    const bytes = await bytesOf(response);
    if (await isWhole(bytes, response.headers)) return bytes;
    if (tries === TRIES) throw new Spoiled(`${path} is not what its digest says.`);
  }
}
