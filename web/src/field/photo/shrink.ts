// Makes a photo small enough for a bad line: 1600 px on its longer side, JPEG, turned the right way up, without metadata.
// Runs in a worker and, where that fails, on the page. Not here: keeping it (offline/drafts).

export const LONGEST_SIDE_PX = 1600;
const JPEG_QUALITY = 0.8;
/** Taken by the server, and shown by nobody but a browser that can read them: better drawn anew as JPEG. */
const UNSHOWN: readonly string[] = ['image/heic', 'image/avif'];
/** Where the brands of a HEIC file stand. */
const HEAD_BYTES = 64;
/** The server takes no larger ones. */
const LARGEST_BYTES = 15 * 1024 * 1024;

export interface Shrunk {
  bytes: ArrayBuffer;
  type: string;
}

/** The file cannot be read as a picture. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}

export async function shrink(file: Blob): Promise<Shrunk> {
  const original = await asItCame(file);
  const drawn = await redraw(file);
  const is_unshown = UNSHOWN.includes(original?.type ?? '');
  if (drawn && (!original || is_unshown || drawn.bytes.byteLength < original.bytes.byteLength)) return drawn;
  // Smaller as it came: those bytes are the evidence. But only if it is a picture at all; of a kind that this browser cannot
  // read the server takes it as evidence that nobody can look at here.
  if (original && (drawn || is_unshown)) return original;
  throw new Unreadable('This is not a picture.');
}

/** The file itself, if the server takes its kind: told by its first bytes, since names and claimed types lie. */
async function asItCame(file: Blob): Promise<Shrunk | null> {
  if (file.size > LARGEST_BYTES) return null;
  const bytes = await file.arrayBuffer();
  const type = kindOf(new Uint8Array(bytes, 0, Math.min(HEAD_BYTES, bytes.byteLength)));
  return type ? { bytes, type } : null;
}

export function kindOf(head: Uint8Array): string | null {
  const text = String.fromCharCode(...head);
  if (text.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  if (text.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png';
  if (text.startsWith('RIFF') && text.slice(8, 12) === 'WEBP') return 'image/webp';
  if (text.slice(4, 8) === 'ftyp') {
    const length = head.slice(0, 4).reduce((sum, byte) => sum * 256 + byte, 0);
    const brands: string[] = text.slice(8, length).match(/[\s\S]{4}/g) ?? [];
    if (brands.some((brand) => ['heic', 'heix', 'heim', 'heis'].includes(brand))) return 'image/heic';
    if (brands.includes('avif')) return 'image/avif';
  }
  return null;
}

async function redraw(file: Blob): Promise<Shrunk | null> {
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' });
  } catch {
    return null;
  }
  const scale = Math.min(1, LONGEST_SIDE_PX / Math.max(bitmap.width, bitmap.height));
  const canvas = new OffscreenCanvas(
    Math.max(1, Math.round(bitmap.width * scale)),
    Math.max(1, Math.round(bitmap.height * scale)),
  );
  const context = canvas.getContext('2d', { alpha: false });
  if (!context) return null;
  context.imageSmoothingQuality = 'high';
  // Transparent pictures would turn black.
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: JPEG_QUALITY });
  // A browser that cannot write JPEG silently writes something else.
  return blob.type === 'image/jpeg' ? { bytes: await blob.arrayBuffer(), type: blob.type } : null;
}
