// A list that comes in pages: the first when its filter changes, the others on demand, appended.
import type { Page } from '../../api/types';
import { asFailure, wasAborted, type Failure } from '../lib/problems';

export class Paged<T> {
  items = $state.raw<T[]>([]);
  total = $state(0);
  next = $state<string>();
  busy = $state(false);
  /** Whether a first answer has come, so that emptiness is known to be true. */
  known = $state(false);
  failure = $state.raw<Failure>();
  #abort: AbortController | undefined;
  #ask: (after: string | undefined, signal: AbortSignal) => Promise<Page<T>>;

  constructor(ask: (after: string | undefined, signal: AbortSignal) => Promise<Page<T>>) {
    this.#ask = ask;
  }

  readonly again = (): void => void this.#run(undefined);
  readonly more = (): void => void this.#run(this.next);

  stop(): void {
    this.#abort?.abort();
  }

  /** Puts a changed item in its place without asking for the whole list. */
  change(same: (item: T) => boolean, changed: T): void {
    this.items = this.items.map((item) => (same(item) ? changed : item));
  }

  async #run(after: string | undefined): Promise<void> {
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    this.busy = true;
    this.failure = undefined;
    try {
      const page = await this.#ask(after, abort.signal);
      if (abort.signal.aborted) return;
      this.items = after === undefined ? page.items : [...this.items, ...page.items];
      this.total = page.total;
      this.next = page.next;
      this.known = true;
    } catch (thrown) {
      if (abort.signal.aborted || wasAborted(thrown)) return;
      this.failure = asFailure(thrown);
      if (after === undefined) this.items = [];
    } finally {
      if (this.#abort === abort) this.busy = false;
    }
  }
}

/** Asks when a component appears and whenever the state that `filter` reads has changed. Call it while a component is set up. */
export function paged<F, T>(
  filter: () => F | null,
  ask: (filter: F, after: string | undefined, signal: AbortSignal) => Promise<Page<T>>,
): Paged<T> {
  let current: F | null = null;
  const list = new Paged<T>((after, signal) => ask(current as F, after, signal));
  $effect(() => {
    current = filter();
    if (current === null) return;
    list.again();
    return () => list.stop();
  });
  return list;
}
