// The app as something installed: the service worker and its new versions, the home screen.

import { scriptUrl } from '../trusted';

interface InstallPrompt extends Event {
  prompt(): Promise<{ outcome: 'accepted' | 'dismissed' }>;
}

class Install {
  /** The app itself starts without a network. */
  app_offline = $state(!import.meta.env.PROD);
  /** A newer version waits until the shopper agrees. */
  new_version = $state(false);
  can_prompt = $state(false);
  installed = $state(matchMedia('(display-mode: standalone)').matches);
  readonly ios = /iPhone|iPad/.test(navigator.userAgent);

  #prompt: InstallPrompt | null = null;
  #registration: ServiceWorkerRegistration | undefined;

  async begin(): Promise<void> {
    addEventListener('beforeinstallprompt', (event) => {
      event.preventDefault();
      this.#prompt = event as InstallPrompt;
      this.can_prompt = true;
    });
    addEventListener('appinstalled', () => {
      this.installed = true;
      this.can_prompt = false;
    });
    if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
    const base = import.meta.env.BASE_URL;
    const registration = await navigator.serviceWorker.register(scriptUrl(`${base}sw.js`), {
      scope: base,
      updateViaCache: 'none',
    });
    this.#registration = registration;
    void navigator.serviceWorker.ready.then(() => (this.app_offline = true));
    this.#watch(registration);
    registration.addEventListener('updatefound', () => this.#watch(registration));
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible' && navigator.onLine)
        void registration.update().catch(() => {});
    });
  }

  #watch(registration: ServiceWorkerRegistration): void {
    // The first version has nothing to replace.
    const look = () => (this.new_version = registration.waiting !== null && registration.active !== null);
    look();
    registration.installing?.addEventListener('statechange', look);
  }

  /** The shopper agrees: the waiting version takes over, and this page starts anew with it. */
  useNewVersion(): void {
    const waiting = this.#registration?.waiting;
    // Only this page, in which the shopper agreed: another may hold a question half answered. A page that was opened before
    // there was any worker has none that could change: the new one itself says when it is there.
    waiting?.addEventListener('statechange', () => {
      if (waiting.state === 'activated') location.reload();
    });
    waiting?.postMessage('take-over');
  }

  /** Asks the server for a newer version now; it shows as `new_version` once it is here. */
  async lookForNew(): Promise<void> {
    await this.#registration?.update().catch(() => {});
  }

  async prompt(): Promise<void> {
    await this.#prompt?.prompt();
    this.#prompt = null;
    this.can_prompt = false;
  }
}

export const install = new Install();
