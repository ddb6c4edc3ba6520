// How safe what is kept on this phone is: how much room is left, whether the browser may clear it away, whether the window is
// a private one. Browsers tell little; what cannot be known is said as such. Not here: making room (photos.ts).

export interface Storage {
  /** Null where the browser does not say. */
  usage_bytes: number | null;
  quota_bytes: number | null;
  /** The browser has promised not to clear it away by itself. */
  persisted: boolean | null;
  /** The app can be kept for a start without a network. */
  workers: boolean;
}

/** Room for some forty photos: less is little. */
export const LITTLE_BYTES = 40_000_000;
/** Ordinary windows get far more, also on small phones; private ones are kept in memory. */
export const PRIVATE_QUOTA_BYTES = 250_000_000;

export async function look(): Promise<Storage> {
  const storage = globalThis.navigator?.storage;
  const [estimate, persisted] = await Promise.all([
    storage?.estimate?.().catch(() => undefined),
    storage?.persisted?.().catch(() => undefined),
  ]);
  return {
    usage_bytes: estimate?.usage ?? null,
    quota_bytes: estimate?.quota ?? null,
    persisted: persisted ?? null,
    workers: 'serviceWorker' in navigator,
  };
}

export function freeBytes({ usage_bytes, quota_bytes }: Storage): number | null {
  return usage_bytes === null || quota_bytes === null ? null : Math.max(0, quota_bytes - usage_bytes);
}

export function isLittleLeft(storage: Storage): boolean {
  const free = freeBytes(storage);
  return free !== null && free < LITTLE_BYTES;
}

/**
 * Whether this looks like a private window, where everything goes when it is closed. No browser says so; a private window of
 * Firefox has no service workers, those of others have little room and promise nothing.
 */
export function looksPrivate(storage: Storage): boolean {
  if (storage.persisted) return false;
  return !storage.workers || (storage.quota_bytes !== null && storage.quota_bytes < PRIVATE_QUOTA_BYTES);
}
