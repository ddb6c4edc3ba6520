// The desk's pages and their addresses. Parsing and writing are inverse; nothing here touches the browser.

export type Route =
  | { page: 'home' }
  | { page: 'ranking' }
  | { page: 'location'; id: string }
  | { page: 'reports' }
  | { page: 'report'; id: string }
  | { page: 'bundles' }
  | { page: 'review' }
  | { page: 'audit'; id: string }
  | { page: 'photo-pairs' }
  | { page: 'quarantine' }
  | { page: 'quarantined'; id: string }
  | { page: 'import' }
  | { page: 'visits' }
  | { page: 'people' }
  | { page: 'campaigns' }
  | { page: 'campaign'; id: string }
  | { page: 'checklists' }
  | { page: 'version'; id: string }
  | { page: 'publish' }
  | { page: 'compare' }
  | { page: 'what-ifs' }
  | { page: 'what-if'; id: string }
  | { page: 'new-what-if' }
  | { page: 'jobs' }
  | { page: 'webhooks' }
  | { page: 'lost' };
export type PageName = Route['page'];

const plain = [
  'ranking',
  'reports',
  'bundles',
  'review',
  'photo-pairs',
  'quarantine',
  'import',
  'visits',
  'people',
  'campaigns',
  'checklists',
  'publish',
  'compare',
  'what-ifs',
  'new-what-if',
  'jobs',
  'webhooks',
] as const;
const detailed = {
  locations: 'location',
  reports: 'report',
  review: 'audit',
  quarantine: 'quarantined',
  campaigns: 'campaign',
  checklists: 'version',
  'what-ifs': 'what-if',
} as const;

/** `path` is what follows the desk's own prefix, with or without slashes around it. */
export function parseRoute(path: string): Route {
  const parts = path.split('/').filter(Boolean);
  const [head, id] = parts;
  if (head === undefined) return { page: 'home' };
  if (parts.length === 1) {
    const page = plain.find((name) => name === head);
    return page ? { page } : { page: 'lost' };
  }
  if (parts.length === 2 && head in detailed) {
    return { page: detailed[head as keyof typeof detailed], id: decodeURIComponent(id ?? '') };
  }
  return { page: 'lost' };
}

export function routePath(route: Route): string {
  switch (route.page) {
    case 'home':
    case 'lost':
      return '/';
    case 'location':
      return `/locations/${encodeURIComponent(route.id)}`;
    case 'report':
      return `/reports/${encodeURIComponent(route.id)}`;
    case 'audit':
      return `/review/${encodeURIComponent(route.id)}`;
    case 'quarantined':
      return `/quarantine/${encodeURIComponent(route.id)}`;
    case 'campaign':
      return `/campaigns/${encodeURIComponent(route.id)}`;
    case 'version':
      return `/checklists/${encodeURIComponent(route.id)}`;
    case 'what-if':
      return `/what-ifs/${encodeURIComponent(route.id)}`;
    default:
      return `/${route.page}`;
  }
}

/** The navigation entry a page belongs to. */
export function sectionOf(page: PageName): PageName {
  switch (page) {
    case 'location':
      return 'ranking';
    case 'report':
    case 'bundles':
      return 'reports';
    case 'audit':
    case 'photo-pairs':
      return 'review';
    case 'quarantined':
    case 'import':
      return 'quarantine';
    case 'campaign':
      return 'campaigns';
    case 'version':
    case 'publish':
    case 'compare':
      return 'checklists';
    case 'what-if':
    case 'new-what-if':
      return 'what-ifs';
    case 'webhooks':
      return 'jobs';
    default:
      return page;
  }
}

/** A query with the empty entries left out, in a fixed order, so that equal filters give equal addresses. */
export function queryText(values: Record<string, string | null | undefined>): string {
  const query = new URLSearchParams();
  for (const key of Object.keys(values).sort()) {
    const value = values[key];
    if (value) query.set(key, value);
  }
  const text = query.toString();
  return text ? `?${text}` : '';
}
