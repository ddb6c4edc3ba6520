// Sends one photo by tus 1.0 on its content-addressed URL, resuming where the server says it is. On fetch, so that it runs
// in pages and workers alike. Not here: which photo is sent when, and what becomes of it when this fails.

import { ApiProblem, NoConnection, type Api } from '../../api/client';
import { base64, sha256, utf8 } from '../bytes';
import type { PhotoRecord } from '../db';

/** Small enough that a bad line finishes one between two cuts. */
export const CHUNK_BYTES = 256 * 1024;
/** A chunk at 50 kbit/s takes 42 s. */
const CHUNK_TIMEOUT_MS = 120_000;
const SHORT_TIMEOUT_MS = 30_000;
/** How often one upload may be told that it stands elsewhere before it is left for another round. */
const DETOURS_MAX = 5;

const TUS = { 'Tus-Resumable': '1.0.0' };

/**
 * `begun_bytes` is where the server stood when it was last heard; `onSent` is told each offset that it acknowledges.
 * Ends when the server has all of it and found its digest right; throws ApiProblem or NoConnection.
 */
export async function upload(
  api: Api,
  photo: PhotoRecord,
  begun_bytes: number,
  onSent: (offset_bytes: number) => Promise<void>,
): Promise<void> {
  // A remembered offset that is wrong costs one refusal (409), asking each time would cost every time.
  let offset = begun_bytes > 0 && begun_bytes < photo.size_bytes ? begun_bytes : await create(api, photo);
  let detours = 0;
  let moved = false;
  while (offset < photo.size_bytes) {
    try {
      offset = await patch(api, photo, offset);
      moved = true;
      await onSent(offset);
    } catch (error) {
      const lost_line = error instanceof NoConnection && moved;
      if (!lost_line && !isDetour(error)) throw error;
      if (++detours > DETOURS_MAX) throw error;
      moved = false;
      // The reply may be lost and the chunk not: only the server knows where it stands.
      offset = (await offsetOf(api, photo)) ?? (await create(api, photo));
      await onSent(offset);
    }
  }
}

function isDetour(error: unknown): boolean {
  // 404: it expired; 409: it stands elsewhere; 460: the chunk was damaged on the way.
  return error instanceof ApiProblem && [404, 409, 460].includes(error.status);
}

async function create(api: Api, photo: PhotoRecord): Promise<number> {
  const response = await api.send('POST', '/photos', {
    headers: {
      ...TUS,
      'Upload-Length': String(photo.size_bytes),
      'Upload-Metadata': `sha256 ${base64(utf8(photo.sha256))},filetype ${base64(utf8(photo.type))}`,
    },
    signal: AbortSignal.timeout(SHORT_TIMEOUT_MS),
  });
  return offsetIn(response) ?? 0;
}

/** Where the server stands; null when it has never heard of the photo. */
async function offsetOf(api: Api, photo: PhotoRecord): Promise<number | null> {
  try {
    const response = await api.send('HEAD', `/photos/${photo.sha256}`, {
      headers: TUS,
      signal: AbortSignal.timeout(SHORT_TIMEOUT_MS),
    });
    const offset = offsetIn(response);
    if (offset === null) throw new NoConnection('The answer names no offset.');
    return offset;
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 404) return null;
    throw error;
  }
}

async function patch(api: Api, photo: PhotoRecord, offset: number): Promise<number> {
  const chunk = photo.bytes.slice(offset, offset + CHUNK_BYTES);
  const response = await api.send('PATCH', `/photos/${photo.sha256}`, {
    headers: {
      ...TUS,
      'Content-Type': 'application/offset+octet-stream',
      'Upload-Offset': String(offset),
      'Upload-Checksum': `sha256 ${base64(await sha256(chunk))}`,
    },
    body: chunk,
    signal: AbortSignal.timeout(CHUNK_TIMEOUT_MS),
  });
  const reached = offsetIn(response);
  if (reached === null || reached <= offset) throw new NoConnection('The answer names no new offset.');
  return reached;
}

function offsetIn(response: Response): number | null {
  const header = response.headers.get('Upload-Offset');
  return header !== null && /^\d+$/.test(header) ? Number(header) : null;
}
