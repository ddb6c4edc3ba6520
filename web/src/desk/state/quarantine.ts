// Calls of the quarantine's pages, by name. Decides nothing and keeps nothing; the other calls of the desk are in calls.ts.
import type { QuarantineDetail, QuarantineItem } from '../../api/desk';
import type { Page, VisitRow } from '../../api/types';
import { nearestFirst } from '../lib/quarantine';
import { api } from './session.svelte';

type Signal = AbortSignal | undefined;

const at = (number: number | string) => `/quarantine/${encodeURIComponent(number)}`;

export const quarantine = (
  filter: { state: 'waiting' | 'settled'; after?: string | undefined },
  signal?: Signal,
) => api.get<Page<QuarantineItem>>('/quarantine', { query: { ...filter, limit: 50 }, signal });
export const quarantined = (number: string, signal?: Signal) =>
  api.get<QuarantineDetail>(at(number), { signal });
export const quarantinedPhoto = (number: number, sha256: string, variant: 'original' | '1280' | '320') =>
  `/api/v1${at(number)}/photos/${sha256}/${variant}`;
/** Without a visit: the one that the document names. */
export const place = (number: number, visit: string | undefined, note: string) =>
  api.post<QuarantineDetail>(`${at(number)}/place`, { ...(visit ? { visit } : {}), note });
export const accept = (number: number, note: string) =>
  api.post<QuarantineDetail>(`${at(number)}/accept`, { note });
export const reject = (number: number, reason: string) =>
  api.post<QuarantineDetail>(`${at(number)}/reject`, { reason });

/** Visits that the work could belong to, the shopper's own and those that nobody has, the nearest in time first. */
export async function visitsToChoose(
  { shopper, finished_at }: { shopper: string; finished_at: string | undefined },
  signal?: Signal,
): Promise<VisitRow[]> {
  const ask = (query: { shopper: string } | { state: 'open' }) =>
    api.get<Page<VisitRow>>('/visits', { query: { ...query, limit: 200 }, signal });
  const [theirs, open] = await Promise.all([ask({ shopper }), ask({ state: 'open' })]);
  return nearestFirst([...theirs.items, ...open.items], finished_at);
}
