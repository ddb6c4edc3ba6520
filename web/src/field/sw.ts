// The service worker: keeps the app itself for use without a network. It holds no data of the shopper's (IndexedDB does),
// and never takes over a page by itself: a half-filled form must not be swapped. The page asks it to when the shopper agrees.

import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';

declare const self: ServiceWorkerGlobalScope;
/** Written in by the build: every file of the app. */
declare const __KEPT__: { url: string; revision: string | null }[];

cleanupOutdatedCaches();
precacheAndRoute(__KEPT__);
registerRoute(new NavigationRoute(createHandlerBoundToURL('/field/index.html')));

self.addEventListener('message', (event) => {
  if (event.data === 'take-over') void self.skipWaiting();
});
