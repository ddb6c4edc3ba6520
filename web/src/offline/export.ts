// The outbox as one file, for when it has to be handed in by other ways: NDJSON that the agency's server imports. A line each
// for who and when, for an audit, and for a photo. It is built of pieces: the photos of a month are never one string.

import { base64 } from './bytes';
import type { Db, OutboxRecord, PhotoRecord } from './db';

const FORMAT = 'plainclothes-outbox-2';
/** A multiple of three, so that the pieces of base64 join without padding. */
const PIECE_BYTES = 3 * 64 * 1024;

export interface ExportOf {
  /** The shopper in whose name it is handed in. */
  user: string;
  exported_at: string;
  app_version: string;
}

/** Photos that several audits name are in it once; those that are not on this phone any more are left out. */
export async function exported(db: Db, items: readonly OutboxRecord[], of: ExportOf): Promise<Blob> {
  const lines: BlobPart[] = [line({ format: FORMAT, ...of })];
  for (const { audit, sha256, text } of items) lines.push(line({ audit, sha256, text }));
  for (const name of new Set(items.flatMap((item) => item.photos.map((photo) => photo.sha256)))) {
    const photo = await db.get('photos', name);
    // Each becomes a Blob at once, which the browser may put on the disk.
    if (photo) lines.push(new Blob(photoLine(photo)));
  }
  return new Blob(lines, { type: 'application/x-ndjson' });
}

function line(value: unknown): string {
  return `${JSON.stringify(value)}\n`;
}

function photoLine({ sha256, type, bytes }: PhotoRecord): string[] {
  const pieces = [`{"photo":${JSON.stringify(sha256)},"type":${JSON.stringify(type)},"base64":"`];
  for (let at = 0; at < bytes.byteLength; at += PIECE_BYTES)
    pieces.push(base64(new Uint8Array(bytes, at, Math.min(PIECE_BYTES, bytes.byteLength - at))));
  return [...pieces, '"}\n'];
}
