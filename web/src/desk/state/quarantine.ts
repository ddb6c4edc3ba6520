// Calls of the quarantine's pages, by name. Decides nothing and keeps nothing; the other calls of the desk are in calls.ts.
import type { QuarantineDetail, QuarantineItem } from '../../api/desk';
import type { Page, VisitRow } from '../../api/types';
import { placedNear } from '../lib/quarantine';
import { recentVisits } from './agency';
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

const VISIT_PAGES_MAX = 10;
/** Work is not older than this beyond the windows that it could belong to. */
const BEFORE_MS = 60 * 86_400_000;

/** Visits that the work could belong to, the nearest in time first. */
export async function visitsToChoose(
  { shopper, finished_at }: { shopper: string; finished_at: string | undefined },
  signal?: Signal,
): Promise<VisitRow[]> {
  const since_ms = Date.parse(finished_at ?? '') - BEFORE_MS;
  const isEarlier = (last: VisitRow) => Date.parse(`${last.local_opens.slice(0, 16)}Z`) < since_ms;
  const all = await recentVisits(isEarlier, VISIT_PAGES_MAX, signal);
  return placedNear(all, shopper, finished_at);
}
