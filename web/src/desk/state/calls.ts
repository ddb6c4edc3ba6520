// Every call that the desk makes, by name: paths and shapes in one place. Decides nothing and keeps nothing.
import type * as Api from '../../api/types';
import { api } from './session.svelte';

interface List<T> {
  items: T[];
}
type Signal = AbortSignal | undefined;

const segment = encodeURIComponent;

// ---------- review
export interface QueueFilter {
  state: Api.AuditState;
  after?: string;
}
export const audits = (filter: QueueFilter, signal?: Signal) =>
  api.get<Api.Page<Api.ReviewItem>>('/audits', { query: { ...filter, limit: 50 }, signal });
export const audit = (id: string, signal?: Signal) =>
  api.get<Api.AuditDetail>(`/audits/${segment(id)}`, { signal });
export const approve = (id: string, message: string) =>
  api.post<Api.AuditDetail>(`/audits/${segment(id)}/approve`, message ? { message } : {});
export const returnAudit = (id: string, message: string, comments: { question: string; text: string }[]) =>
  api.post<Api.AuditDetail>(`/audits/${segment(id)}/return`, { message, comments });
export const reject = (id: string, message: string) =>
  api.post<Api.AuditDetail>(`/audits/${segment(id)}/reject`, { message });
export const waive = (id: string, sha256: string, reason: string) =>
  api.post<Api.AuditDetail>(`/audits/${segment(id)}/photos/${sha256}/waive`, { reason });
export const auditPhoto = (id: string, sha256: string, variant: 'original' | '1280' | '320') =>
  `/api/v1/audits/${segment(id)}/photos/${sha256}/${variant}`;

// ---------- admin
export interface NewVisit {
  campaign: string;
  location: string;
  shopper?: string;
  local_opens: string;
  local_closes: string;
  /** The first leg, where the checklist follows another. */
  follows?: string;
}
export const visits = (filter: { state?: string; after?: string; limit?: number }, signal?: Signal) =>
  api.get<Api.Page<Api.VisitRow>>('/visits', { query: { limit: 50, ...filter }, signal });
export const createVisit = (visit: NewVisit) => api.post<Api.VisitRow>('/visits', visit);
export const assignVisit = (id: string, shopper: string) =>
  api.post<Api.VisitRow>(`/visits/${segment(id)}/assign`, { shopper });
export const withdrawVisit = (id: string, reason: string) =>
  api.post<Api.VisitRow>(`/visits/${segment(id)}/withdraw`, { reason });
export const people = (signal?: Signal) => api.get<List<Api.Person>>('/people', { signal });
export const campaigns = (signal?: Signal) => api.get<List<Api.Campaign>>('/campaigns', { signal });

// ---------- managers and clients
export interface Scope {
  client?: string;
  region?: string;
  from?: string;
  to?: string;
}
export const clients = (signal?: Signal) => api.get<List<Api.Client>>('/clients', { signal });
export const regions = (client: string, signal?: Signal) =>
  api.get<List<Api.Region>>('/regions', { query: { client }, signal });
export const locations = (client: string, signal?: Signal) =>
  api.get<List<Api.LocationRow>>('/locations', { query: { client }, signal });
export const ranking = (scope: Scope & { checklist: string }, signal?: Signal) =>
  api.get<Api.Ranking>('/rankings', { query: { ...scope }, signal });
export const locationSummary = (
  id: string,
  query: { checklist: string; from: string; to: string },
  signal?: Signal,
) => api.get<Api.LocationSummary>(`/locations/${segment(id)}/summary`, { query, signal });
export const publishedAudits = (
  scope: Scope & { location?: string; campaign?: string; after?: string },
  signal?: Signal,
) => api.get<Api.Page<Api.PublishedAudit>>('/published-audits', { query: { ...scope, limit: 50 }, signal });
/** Answers come in words, in the language asked for where the checklist has it. */
export const publishedAudit = ({ id, language }: { id: string; language: string }, signal?: Signal) =>
  api.get<Api.PublishedAuditDetail>(`/published-audits/${segment(id)}`, { query: { language }, signal });
export const publishedPhoto = (id: string, number: number, width: '320' | '1280') =>
  `/api/v1/published-audits/${segment(id)}/photos/${number}/${width}`;
export const reportPdf = (id: string) => `/api/v1/published-audits/${segment(id)}/report.pdf`;

// ---------- many PDFs in one file
export const bundles = (signal?: Signal) =>
  api.get<List<Api.Bundle> & { audits_max: number }>('/bundles', { signal });
export const bundle = (id: string, signal?: Signal) =>
  api.get<Api.Bundle>(`/bundles/${segment(id)}`, { signal });
export const askForBundle = (wanted: Api.AskForBundle) => api.post<Api.Bundle>('/bundles', wanted);
export const removeBundle = (id: string) => api.tell('DELETE', `/bundles/${segment(id)}`);
export const bundleFile = (id: string) => `/api/v1/bundles/${segment(id)}/bundle.zip`;
