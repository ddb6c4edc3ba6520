// Where the reader is: the part of the address after `#`. A reload comes back to the same place.

export type Route =
  | { page: 'today' }
  | { page: 'visit'; visit: string }
  /** `back`: the question was opened from the review page, and leads back there. */
  | { page: 'fill'; audit: string; question?: string; back?: boolean }
  | { page: 'review'; audit: string }
  | { page: 'outbox' }
  | { page: 'feedback'; feedback?: string }
  | { page: 'settings' }
  | { page: 'missing' };

export function parse(hash: string): Route {
  const [page = '', first, second, third] = hash
    .replace(/^#?\/?/, '')
    .split('/')
    .map(decodeURIComponent);
  switch (page) {
    case '':
      return { page: 'today' };
    case 'visit':
      return first ? { page, visit: first } : { page: 'missing' };
    case 'fill':
      return first ? { page, audit: first, question: second, back: third === 'review' } : { page: 'missing' };
    case 'review':
      return first ? { page, audit: first } : { page: 'missing' };
    case 'feedback':
      return { page, feedback: first };
    case 'outbox':
    case 'settings':
      return { page };
    default:
      return { page: 'missing' };
  }
}

class Router {
  route = $state.raw<Route>(parse(location.hash));

  constructor() {
    window.addEventListener('hashchange', () => {
      this.route = parse(location.hash);
    });
  }

  /** In place of the present page: going back does not return to it. */
  replace(address: string): void {
    history.replaceState(null, '', address);
    this.route = parse(location.hash);
  }

  go(address: string): void {
    location.hash = address;
  }

  /** Up to the page that this one belongs to, whatever the way here was. */
  up(address: string): void {
    this.replace(address);
  }
}

export const router = new Router();
