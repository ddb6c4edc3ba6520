// Asks the browser to wake the service worker when there is a line, so that what was finished goes out with the app closed.
// Where the browser has no Background Sync nothing happens: the app sends when it is open.

import { tagOf } from '../../offline/sync/background';

interface WithSync extends ServiceWorkerRegistration {
  sync?: { register(tag: string): Promise<void> };
}

export async function wakeLater(user: string): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  const registration: WithSync | undefined = await navigator.serviceWorker.getRegistration();
  // Refused where the owner of the phone has switched it off.
  await registration?.sync?.register(tagOf(user)).catch(() => {});
}
