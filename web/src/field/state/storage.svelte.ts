// How safe and how full the space on this phone is, for the pages to show. Not here: what it means (offline/storage.ts).

import { freeBytes, isLittleLeft, look, looksPrivate, type Storage } from '../../offline/storage';

const UNKNOWN: Storage = { usage_bytes: null, quota_bytes: null, persisted: null, workers: true };

class StorageState {
  now = $state.raw<Storage>(UNKNOWN);
  /** The phone was asked to protect it, and said no. */
  refused = $state(false);

  /** Something could not be kept for lack of room; browsers that do not tell how much there is tell by this. */
  was_full = $state(false);

  readonly free_bytes = $derived(freeBytes(this.now));
  readonly little_left = $derived(isLittleLeft(this.now));
  readonly looks_private = $derived(looksPrivate(this.now));

  async look(): Promise<void> {
    this.now = await look();
  }

  /** Asks the phone never to clear it away by itself. */
  async protect(): Promise<void> {
    const granted = (await navigator.storage?.persist?.().catch(() => false)) ?? false;
    this.refused = !granted;
    await this.look();
  }
}

export const storage = new StorageState();
