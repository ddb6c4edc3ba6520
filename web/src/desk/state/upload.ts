// Sending a file of any size, with word of how far it is: `fetch` does not tell. Keeps nothing; the file stays where it is.
import type { Imported } from '../../api/desk';
import { NoConnection, problemOf, readJson } from '../../api/client';
import { hasEnded } from '../lib/problems';
import { session } from './session.svelte';

/** `progress`: the share that has left this computer, 0..1. */
export async function importOutbox(
  file: Blob,
  progress: (share: number) => void,
  signal: AbortSignal,
): Promise<Imported> {
  const response = await post('/api/v1/outbox-imports', 'application/x-ndjson', file, progress, signal);
  if (response.ok) return readJson<Imported>(response);
  const problem = await problemOf(response);
  if (hasEnded(problem)) session.lose();
  throw problem;
}

function post(
  address: string,
  kind: string,
  body: Blob,
  progress: (share: number) => void,
  signal: AbortSignal,
): Promise<Response> {
  return new Promise((done, fail) => {
    const request = new XMLHttpRequest();
    request.open('POST', address);
    request.setRequestHeader('Content-Type', kind);
    request.setRequestHeader('Accept', 'application/json');
    request.upload.onprogress = ({ loaded, total }) => progress(total > 0 ? loaded / total : 0);
    request.onload = () => done(asResponse(request));
    request.onerror = () => fail(new NoConnection('The file could not be sent.'));
    request.onabort = () => fail(new DOMException('stopped', 'AbortError'));
    signal.addEventListener('abort', () => request.abort());
    request.send(body);
  });
}

function asResponse(request: XMLHttpRequest): Response {
  const headers = new Headers();
  for (const line of request.getAllResponseHeaders().trim().split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) headers.append(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  return new Response(request.responseText || null, { status: request.status, headers });
}
