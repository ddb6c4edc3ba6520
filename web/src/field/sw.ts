// The service worker: keeps the app itself for use without a network, and hands in what waits when the browser wakes it. It
// holds no data of the shopper's (IndexedDB does), and never takes over a page by itself: a half-filled form must not be
// swapped. The page asks it to when the shopper agrees.

import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';
import { runInBackground, userOf } from '../offline/sync/background';

declare const self: ServiceWorkerGlobalScope;
/** Written in by the build: every file of the app. */
declare const __KEPT__: { url: string; revision: string | null }[];

cleanupOutdatedCaches();
precacheAndRoute(__KEPT__);
registerRoute(new NavigationRoute(createHandlerBoundToURL('/field/index.html')));

self.addEventListener('message', (event) => {
  if (event.data === 'take-over') void self.skipWaiting();
});

/** Background Sync; not in the DOM's types, and not in every browser. */
interface SyncEvent extends ExtendableEvent {
  readonly tag: string;
}

self.addEventListener('sync', (event) => {
  const { tag } = event as SyncEvent;
  const user = userOf(tag);
  if (user === null) return;
  const pages = new BroadcastChannel('plainclothes-field');
  const told = runInBackground(user, () => pages.postMessage('data'));
  (event as SyncEvent).waitUntil(told.finally(() => pages.close()));
});
