// Calls of the pages about the program itself: background work and webhooks. Decides nothing and keeps nothing.
import type { JobsPage, TriedWebhook, Webhook } from '../../api/desk';
import { api } from './session.svelte';

type Signal = AbortSignal | undefined;

const segment = encodeURIComponent;

export const jobs = (
  filter: { state: 'dead' | 'waiting'; kind?: string | undefined; after?: string | undefined },
  signal?: Signal,
) => api.get<JobsPage>('/jobs', { query: { ...filter, limit: 50 }, signal });
export const retryJob = (id: string) => api.tell('POST', `/jobs/${segment(id)}/retry`);
export const retryJobs = (kind: string) => api.post<{ retried: number }>('/jobs/retry', { kind });
export const removeJob = (id: string) => api.tell('DELETE', `/jobs/${segment(id)}`);

export const webhooks = (signal?: Signal) => api.get<{ items: Webhook[] }>('/webhooks', { signal });
export const createWebhook = (url: string, client: string | undefined) =>
  api.post<Webhook>('/webhooks', { url, ...(client ? { client } : {}) });
export const removeWebhook = (id: string) => api.tell('DELETE', `/webhooks/${segment(id)}`);
export const tryWebhook = (id: string) => api.post<TriedWebhook>(`/webhooks/${segment(id)}/test`, {});
