// Which pages a person's grants open. Only for what is offered: the server decides what is allowed.
import type { Grant, Role } from '../../api/types';
import type { PageName } from './route';

const pagesOfRole: Record<Role, readonly PageName[]> = {
  shopper: [],
  reviewer: ['review', 'quarantine', 'ranking', 'reports'],
  admin: [
    'review',
    'quarantine',
    'visits',
    'people',
    'campaigns',
    'checklists',
    'what-ifs',
    'jobs',
    'ranking',
    'reports',
  ],
  manager: ['ranking', 'reports'],
  client: ['ranking', 'reports'],
};

/** In the order of the navigation: what a client reads first, then the agency's work. */
const order: readonly PageName[] = [
  'ranking',
  'reports',
  'review',
  'quarantine',
  'visits',
  'people',
  'campaigns',
  'checklists',
  'what-ifs',
  'jobs',
];

export function pagesFor(grants: readonly Grant[]): PageName[] {
  const open = new Set(grants.flatMap((grant) => pagesOfRole[grant.role] ?? []));
  return order.filter((page) => open.has(page));
}

/** The page to begin with: work that waits comes before tables to read. */
export function homeFor(grants: readonly Grant[]): PageName | undefined {
  const open = pagesFor(grants);
  return open.includes('review') ? 'review' : open[0];
}

/** Roles without repetition, in a fixed order, for the line under a name. */
export function rolesOf(grants: readonly Grant[]): Role[] {
  const all: Role[] = ['admin', 'reviewer', 'client', 'manager', 'shopper'];
  return all.filter((role) => grants.some((grant) => grant.role === role));
}
