// How much of a photo goes into one request. Pure. A chunk should take about as long as a bad line holds; on a line that
// has been cut it goes without a checksum, since only then does the server keep what came of a broken request.

export interface Pace {
  chunk_bytes: number;
  /** The line was cut in the middle of a chunk. */
  cut: boolean;
}

const KIB = 1024;
export const LEAST_BYTES = 16 * KIB;
export const MOST_BYTES = 1024 * KIB;
/** What one chunk is meant to take. */
export const AIM_MS = 6_500;

export const FRESH_PACE: Pace = { chunk_bytes: 256 * KIB, cut: false };

/** A chunk with a checksum is never smaller for the sake of its photo. */
const CHECKED_LEAST_BYTES = 64 * KIB;

export interface Of {
  photo_bytes: number;
  /** It goes with a checksum. */
  checked: boolean;
  /** The server's limit, where it has said one. */
  most_bytes?: number;
}

/**
 * The size of the next chunk. One with a checksum is all or nothing: a cut, or a tab that is closed, must not cost more than
 * an eighth of the photo.
 */
export function chunkBytes(pace: Pace, { photo_bytes, checked, most_bytes = MOST_BYTES }: Of): number {
  const at_stake = checked ? Math.max(CHECKED_LEAST_BYTES, Math.ceil(photo_bytes / 8)) : MOST_BYTES;
  return Math.min(pace.chunk_bytes, at_stake, MOST_BYTES, most_bytes);
}

/**
 * After a chunk that arrived: as much as the measured rate brings over in the time aimed at, but at most twice as much as
 * before, so that one lucky moment does not decide. What is left at a photo's end is mostly round trip and says nothing.
 */
export function afterChunk(pace: Pace, sent_bytes: number, took_ms: number): Pace {
  const wanted_bytes = (sent_bytes / Math.max(1, took_ms)) * AIM_MS;
  if (sent_bytes < Math.min(pace.chunk_bytes, CHECKED_LEAST_BYTES)) return pace;
  return { ...pace, chunk_bytes: within(Math.min(wanted_bytes, 2 * pace.chunk_bytes)) };
}

/** After a chunk that did not. */
export function afterCut(pace: Pace): Pace {
  return { chunk_bytes: within(pace.chunk_bytes / 2), cut: true };
}

function within(bytes: number): number {
  return Math.floor(Math.min(MOST_BYTES, Math.max(LEAST_BYTES, bytes)) / KIB) * KIB;
}
