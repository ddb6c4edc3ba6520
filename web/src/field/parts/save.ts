// Saves finished audits to a file on the phone, for handing in by other ways.

import { exported } from '../../offline/export';
import type { OutboxRecord } from '../../offline/db';
import { app } from '../state/app.svelte';

/** Throws when the file cannot be made. */
export async function saveToFile(items: readonly OutboxRecord[]): Promise<void> {
  const exported_at = new Date().toISOString();
  const user = app.me?.user ?? '';
  const file = await exported(app.db, items, { user, exported_at, app_version: __APP_VERSION__ });
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = `plainclothes-${exported_at.slice(0, 10)}-${items.length}.ndjson`;
  link.click();
  // The browser reads the file after this; it is let go of when that has surely begun.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
