// Who syncs, and when. One page of the browser at a time (Web Locks): at the start, when the line is back, when the page
// becomes visible, when something was finished, by hand, and by a timer with backoff after failures. It never gives up.
// Not here: rounds while no page is open (background.ts).

import { backoff } from './backoff';
import type { EndReason } from './failure';
import { runRound, type RoundResult } from './round';
import type { Context } from './context';

/** Whoever holds it runs the only round of this browser. */
export const LOCK = 'plainclothes-sync';
/** Between rounds when all is well and the page is open. */
export const QUIET_MS = 5 * 60_000;

export interface SyncState {
  running: boolean;
  /** How the last round ended; null before the first. */
  last: 'done' | EndReason | null;
  /** When a round last went through to the end, in the phone's time. */
  done_at: string | null;
  update_required: boolean;
  /** The server had no room for photos. */
  storage_full: boolean;
}

export const NOT_YET: SyncState = {
  running: false,
  last: null,
  done_at: null,
  update_required: false,
  storage_full: false,
};

export interface Owner {
  /** Runs a round soon; by hand also while a backoff waits. */
  trigger: () => void;
  stop: () => void;
}

export function startOwner(context: Context, onState: (state: SyncState) => void, onData: () => void): Owner {
  let state = NOT_YET;
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wanted = false;
  let stopped = false;

  const set = (change: Partial<SyncState>) => onState((state = { ...state, ...change }));

  function schedule(delay_ms: number): void {
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(trigger, delay_ms);
  }

  function trigger(): void {
    wanted = true;
    if (!state.running && !stopped) void run();
  }

  async function run(): Promise<void> {
    clearTimeout(timer);
    set({ running: true });
    let result: RoundResult | undefined;
    try {
      while (wanted && !stopped) {
        wanted = false;
        // Another page may hold the lock: this one waits, and then finds nothing left to do.
        result = await navigator.locks.request(LOCK, () => runRound(context, onData));
        if (result.end !== 'done') break;
      }
    } finally {
      set({
        running: false,
        ...(result && {
          last: result.end,
          update_required: result.update_required,
          storage_full: result.storage_full,
        }),
      });
      onData();
      if (result?.end === 'done') set({ done_at: context.now().toISOString() });
      plan(result);
    }
  }

  function plan(result: RoundResult | undefined): void {
    // A session that ended does not come back by waiting: signing in starts the next round.
    if (result?.end === 'signed_out') return;
    const well = result?.end === 'done' && result.aside === 0;
    failures = well ? 0 : result?.moved ? 1 : failures + 1;
    schedule(well ? QUIET_MS : backoff(failures, Math.random(), result?.retry_after_ms));
  }

  const onVisible = () => {
    if (document.visibilityState === 'visible') trigger();
  };
  window.addEventListener('online', trigger);
  document.addEventListener('visibilitychange', onVisible);
  trigger();

  return {
    trigger,
    stop() {
      stopped = true;
      clearTimeout(timer);
      window.removeEventListener('online', trigger);
      document.removeEventListener('visibilitychange', onVisible);
    },
  };
}
