// Sends one photo by tus 1.0 on its content-addressed URL, resuming where the server says it is. On fetch, so that it runs
// in pages and workers alike. Not here: which photo is sent when, how large a chunk is (pace.ts), and what becomes of the
// photo when this fails.

import { ApiProblem, NoConnection, type Api } from '../../api/client';
import { base64, sha256, utf8 } from '../bytes';
import type { PhotoRecord } from '../db';
import type { Context } from './context';
import { afterChunk, afterCut, chunkBytes } from './pace';
import { ours } from './shapes';

/** The first chunk, of 256 KiB, takes 105 s at 20 kbit/s. */
const CHUNK_TIMEOUT_MS = 120_000;
const SHORT_TIMEOUT_MS = 30_000;
/** What the server needs to notice that a request broke off, and to keep what came; asked sooner it names an older offset. */
const AFTER_CUT_MS = 500;
/** How often in a row an upload may turn out to stand where it stood before it is left for another round. */
const DETOURS_MAX = 5;

const TUS = { 'Tus-Resumable': '1.0.0' };

export interface Sending {
  /** Where the server stood when it was last heard. */
  begun_bytes: number;
  /** It arrived damaged before: every chunk carries its checksum, whatever that costs. */
  checked: boolean;
  chunk_bytes_max?: number;
  /** Told each offset that the server acknowledges. */
  onSent: (offset_bytes: number) => Promise<void>;
}

/** Ends when the server has all of it and found its digest right; throws ApiProblem or NoConnection. */
export async function upload(
  { api, line }: Pick<Context, 'api' | 'line'>,
  photo: PhotoRecord,
  { begun_bytes, checked, chunk_bytes_max, onSent }: Sending,
): Promise<void> {
  const resumed = begun_bytes > 0 && begun_bytes < photo.size_bytes;
  // It was cut off before, on a line that this page may know nothing of yet.
  if (resumed) line.pace = { ...line.pace, cut: true };
  // A remembered offset that is wrong costs one refusal (409), asking each time would cost every time.
  let offset = resumed ? begun_bytes : await create(api, photo);
  let detours = 0;
  while (offset < photo.size_bytes) {
    const { pace } = line;
    const with_sum = checked || !pace.cut;
    const of = { photo_bytes: photo.size_bytes, checked: with_sum, most_bytes: chunk_bytes_max };
    const chunk = photo.bytes.slice(offset, offset + chunkBytes(pace, of));
    const from_ms = line.clock_ms();
    try {
      offset = await patch(api, photo, offset, chunk, with_sum);
      line.pace = afterChunk(pace, chunk.byteLength, line.clock_ms() - from_ms);
      detours = 0;
    } catch (error) {
      const cut = error instanceof NoConnection && !error.foreign;
      if (!cut && !isDetour(error)) throw error;
      if (cut) {
        line.pace = afterCut(pace);
        await line.wait(AFTER_CUT_MS);
      }
      // The answer may have been lost and the chunk not, or only its end: only the server knows where it stands.
      const stands = (await offsetOf(api, photo)) ?? (await create(api, photo));
      detours = stands > offset ? 0 : detours + 1;
      offset = stands;
      if (detours > DETOURS_MAX) throw error;
    }
    await onSent(offset);
  }
}

function isDetour(error: unknown): boolean {
  // 404: it expired; 409: it stands elsewhere; 460: the chunk was damaged on the way.
  return error instanceof ApiProblem && [404, 409, 460].includes(error.status);
}

async function create(api: Api, photo: PhotoRecord): Promise<number> {
  const response = ours(
    await api.send('POST', '/photos', {
      headers: {
        ...TUS,
        'Upload-Length': String(photo.size_bytes),
        'Upload-Metadata': `sha256 ${base64(utf8(photo.sha256))},filetype ${base64(utf8(photo.type))}`,
      },
      signal: AbortSignal.timeout(SHORT_TIMEOUT_MS),
    }),
  );
  return offsetIn(response) ?? 0;
}

/** Where the server stands; null when it has never heard of the photo. */
async function offsetOf(api: Api, photo: PhotoRecord): Promise<number | null> {
  try {
    const response = await api.send('HEAD', `/photos/${photo.sha256}`, {
      headers: TUS,
      signal: AbortSignal.timeout(SHORT_TIMEOUT_MS),
    });
    const offset = offsetIn(ours(response));
    if (offset === null) throw new NoConnection('The answer names no offset.', true);
    return offset;
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 404) return null;
    throw error;
  }
}

async function patch(
  api: Api,
  photo: PhotoRecord,
  offset: number,
  chunk: ArrayBuffer,
  checked: boolean,
): Promise<number> {
  const response = await api.send('PATCH', `/photos/${photo.sha256}`, {
    headers: {
      ...TUS,
      'Content-Type': 'application/offset+octet-stream',
      'Upload-Offset': String(offset),
      ...(checked ? { 'Upload-Checksum': `sha256 ${base64(await sha256(chunk))}` } : {}),
    },
    body: chunk,
    signal: AbortSignal.timeout(CHUNK_TIMEOUT_MS),
  });
  const reached = offsetIn(ours(response));
  if (reached === null || reached <= offset) throw new NoConnection('The answer names no new offset.', true);
  return reached;
}

function offsetIn(response: Response): number | null {
  const header = response.headers.get('Upload-Offset');
  return header !== null && /^\d+$/.test(header) ? Number(header) : null;
}
