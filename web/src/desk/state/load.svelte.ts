// What a page has asked for: the value, whether it is still coming, and what went wrong. One question at a time; a newer
// one cancels the older, so that a slow answer never overwrites a later one.
import { asFailure, wasAborted, type Failure } from '../lib/problems';

export class Loaded<T> {
  value = $state.raw<T>();
  failure = $state.raw<Failure>();
  busy = $state(false);
  #abort: AbortController | undefined;
  #ask: (signal: AbortSignal) => Promise<T>;

  constructor(ask: (signal: AbortSignal) => Promise<T>) {
    this.#ask = ask;
  }

  /** Asks again. The old value stays to be read meanwhile. */
  readonly again = (): void => void this.#run();

  /** Forgets what was there, for a question about something else. */
  clear(): void {
    this.value = undefined;
    this.failure = undefined;
  }

  stop(): void {
    this.#abort?.abort();
  }

  async #run(): Promise<void> {
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    this.busy = true;
    try {
      const value = await this.#ask(abort.signal);
      if (abort.signal.aborted) return;
      this.value = value;
      this.failure = undefined;
    } catch (thrown) {
      if (abort.signal.aborted || wasAborted(thrown)) return;
      this.value = undefined;
      this.failure = asFailure(thrown);
    } finally {
      if (this.#abort === abort) this.busy = false;
    }
  }
}

/**
 * Asks when a component appears, and again whenever a state that `key` reads has changed. A `key` of null asks nothing yet.
 * To be called while a component is set up. `keep`: show the old value until the new one is there.
 */
export function load<K, T>(
  key: () => K | null,
  ask: (key: K, signal: AbortSignal) => Promise<T>,
  keep = true,
): Loaded<T> {
  let current: K | null = null;
  const loaded = new Loaded<T>((signal) => ask(current as K, signal));
  $effect(() => {
    current = key();
    if (current === null) return;
    if (!keep) loaded.clear();
    loaded.again();
    return () => loaded.stop();
  });
  return loaded;
}

/** A deed with a button: busy while it runs, and its failure when it did not work. */
export class Deed {
  busy = $state<string | null>(null);
  failure = $state.raw<Failure>();

  /** True when it was done. A second press while it runs does nothing. */
  async run(name: string, act: () => Promise<void>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = name;
    this.failure = undefined;
    try {
      await act();
      return true;
    } catch (thrown) {
      this.failure = asFailure(thrown);
      return false;
    } finally {
      this.busy = null;
    }
  }
}
