// The one place that knows where in the address a page stands: after the `#`, so that any server can serve the desk
// as a single file. Everything else speaks of routes.
import { SvelteMap } from 'svelte/reactivity';
import { parseRoute, queryText, routePath, type PageName, type Route } from '../lib/route';

class Router {
  #hash = $state(location.hash);
  /** Whether the reader has gone from one page to another, so that a new page may take the focus. */
  moved = false;

  readonly #parts = $derived.by(() => {
    const [path = '', query = ''] = this.#hash.replace(/^#/, '').split('?');
    return { route: parseRoute(path), query: new URLSearchParams(query) };
  });

  /** The address at which each page was last seen, with its filters. */
  readonly #seen = new SvelteMap<PageName, string>();

  constructor() {
    addEventListener('hashchange', () => {
      this.moved = true;
      this.#look();
    });
    this.#look();
  }

  #look(): void {
    this.#hash = location.hash;
    this.#seen.set(this.route.page, this.#hash);
  }

  get route(): Route {
    return this.#parts.route;
  }
  get query(): URLSearchParams {
    return this.#parts.query;
  }

  href(route: Route, query: Record<string, string | null | undefined> = {}): string {
    return `#${routePath(route)}${queryText(query)}`;
  }

  /** Back to a list as it was left, with its filters. */
  back(page: 'review' | 'quarantine' | 'ranking' | 'reports'): string {
    return this.#seen.get(page) ?? this.href({ page });
  }

  go(route: Route, query: Record<string, string | null | undefined> = {}): void {
    location.hash = this.href(route, query);
  }

  /** Goes on without leaving a step behind: Back would only lead here again. */
  replace(route: Route): void {
    history.replaceState(null, '', this.href(route));
    this.#look();
  }

  /** Changes filters of the page one is on, without a new step for the Back button. */
  filter(changes: Record<string, string | null | undefined>): void {
    const query = { ...Object.fromEntries(this.query), ...changes };
    history.replaceState(history.state, '', this.href(this.route, query));
    this.#look();
  }
}

export const router = new Router();
