// Calls about photos as evidence: pairs of them, and what is covered for everybody outside the agency.
import type { PhotoPair, Redaction } from '../../api/desk';
import type { AuditDetail, Page } from '../../api/types';
import { api } from './session.svelte';

type Signal = AbortSignal | undefined;
const segment = encodeURIComponent;

export const pairs = (filter: { state: PhotoPair['state']; after?: string | undefined }, signal?: Signal) =>
  api.get<Page<PhotoPair>>('/photo-pairs', { query: { ...filter, limit: 20 }, signal });
export const decidePair = (id: string, verdict: 'dismiss' | 'confirm', note: string) =>
  api.post<PhotoPair>(`/photo-pairs/${segment(id)}/${verdict}`, { note });
export const cover = (
  audit: string,
  sha256: string,
  redactions: readonly Redaction[],
  seen_version: number,
) =>
  api.ask<AuditDetail>('PUT', `/audits/${segment(audit)}/photos/${sha256}/redactions`, {
    json: { redactions, seen_version },
  });
/** As it is seen outside the agency. The version makes the address another one when it looks different. */
export const publishedCopy = (audit: string, sha256: string, version: number) =>
  `/api/v1/audits/${segment(audit)}/photos/${sha256}/published?v=${version}`;
