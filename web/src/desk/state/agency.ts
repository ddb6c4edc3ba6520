// Calls of the admin's pages about checklists, campaigns and what-ifs, by name. Decides nothing and keeps nothing; the other
// calls of the desk are in calls.ts.
import type * as Desk from '../../api/desk';
import type { Campaign, ChecklistDocument, VisitRow } from '../../api/types';
import { visits } from './calls';
import { api } from './session.svelte';

interface List<T> {
  items: T[];
}
type Signal = AbortSignal | undefined;

const segment = encodeURIComponent;
const yaml = (source: string) => ({ body: source, headers: { 'Content-Type': 'application/yaml' } });

// ---------- checklists
export const versions = (signal?: Signal) => api.get<List<Desk.VersionRow>>('/checklists', { signal });
export const checklist = (sha256: string, signal?: Signal) =>
  api.get<ChecklistDocument>(`/checklists/${segment(sha256)}`, { signal });
export const checkFile = (source: string) => api.ask<Desk.Checked>('POST', '/checklists/check', yaml(source));
export const publishFile = (source: string) => api.ask<Desk.VersionRow>('POST', '/checklists', yaml(source));
export const retireVersion = (sha256: string) =>
  api.post<Desk.VersionRow>(`/checklists/${segment(sha256)}/retire`);
export const difference = ({ before, after }: { before: string; after: string }, signal?: Signal) =>
  api.get<Desk.Difference>(`/checklists/${segment(before)}/diff/${segment(after)}`, { signal });
/** An address for an `img`: the session's cookie goes with it. */
export const picture = (sha256: string) => `/api/v1/checklists/pictures/${segment(sha256)}`;

// ---------- campaigns
export const moveCampaign = (id: string, checklist_sha256: string, from_day: string) =>
  api.post<Campaign>(`/campaigns/${segment(id)}/versions`, { checklist_sha256, from_day });
export const takeMoveBack = (id: string, from_day: string) =>
  api.ask<Campaign>('DELETE', `/campaigns/${segment(id)}/versions/${segment(from_day)}`);
export const trapKeys = (id: string, signal?: Signal) =>
  api.get<{ keys: Desk.TrapKey[] }>(`/campaigns/${segment(id)}/traps`, { signal });
export const setTrapKeys = (id: string, keys: readonly Desk.TrapKey[]) =>
  api.tell('PUT', `/campaigns/${segment(id)}/traps`, { json: { keys } });

/**
 * Visits from the latest window on, until `enough` of a page's last one or after `pages_max` pages. The server's list knows no
 * filter by location.
 */
export async function recentVisits(
  enough: (last: VisitRow) => boolean,
  pages_max: number,
  signal?: Signal,
): Promise<VisitRow[]> {
  const found: VisitRow[] = [];
  let after: string | undefined;
  for (let page = 0; page < pages_max; page++) {
    const { items, next } = await visits({ limit: 200, ...(after ? { after } : {}) }, signal);
    found.push(...items);
    const last = items.at(-1);
    if (!next || !last || enough(last)) break;
    after = next;
  }
  return found;
}

// ---------- what-ifs
export interface NewWhatIf {
  name: string;
  checklist_slug: string;
  client?: string;
  reweighting: string;
}
export const whatIfs = (signal?: Signal) => api.get<List<Desk.WhatIf>>('/what-ifs', { signal });
export const whatIf = (id: string, signal?: Signal) =>
  api.get<Desk.WhatIf>(`/what-ifs/${segment(id)}`, { signal });
export const startWhatIf = (wanted: NewWhatIf) => api.post<Desk.WhatIf>('/what-ifs', wanted);
export const removeWhatIf = (id: string) => api.tell('DELETE', `/what-ifs/${segment(id)}`);
