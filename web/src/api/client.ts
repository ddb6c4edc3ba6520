// A small wrapper round fetch: JSON in and out, problems (RFC 9457) as typed errors, a lost line as another.
// It keeps no state, retries nothing and knows no endpoint: callers decide what a failure means.

import type { Problem } from './types';

/** The server answered, and said no. `retry` is its instruction; `retry_after_ms` its wish, when it has one. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly status: number;
  readonly code: string;
  readonly retry: Problem['retry'];
  readonly detail: string;
  readonly problem: Problem;
  readonly retry_after_ms: number | undefined;

  constructor(problem: Problem, retry_after_ms?: number) {
    super(`${problem.status} ${problem.code}: ${problem.detail}`);
    this.status = problem.status;
    this.code = problem.code;
    this.retry = problem.retry;
    this.detail = problem.detail;
    this.problem = problem;
    this.retry_after_ms = retry_after_ms;
  }
}

/** No answer of our server: no route, a line that broke, or somebody else's page (a hotel's sign-in page). */
export class NoConnection extends Error {
  override readonly name = 'NoConnection';

  /** `foreign`: somebody did answer, but not our server. */
  constructor(
    message: string,
    readonly foreign = false,
  ) {
    super(message);
  }
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD';

export interface Call {
  /** Left-out and undefined members are not sent. */
  query?: Record<string, string | number | boolean | undefined>;
  /** Sent as JSON. */
  json?: unknown;
  /** Sent as it is; give a `Content-Type` header with it. */
  body?: BodyInit;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  /** `manual`: a redirect is told apart from a line that broke (NoConnection, foreign). Either is a failure. */
  redirect?: 'manual';
}

export interface ApiOptions {
  /** Where the API lives; default `/api/v1`. */
  base?: string;
  fetch?: typeof fetch;
  /** Called with the `Server-Time` of every answer that carries one. */
  onServerTime?: (server_time: string) => void;
}

export interface Api {
  get<T>(path: string, call?: Call): Promise<T>;
  post<T>(path: string, json?: unknown, call?: Call): Promise<T>;
  delete(path: string, call?: Call): Promise<void>;
  /** The answer itself, for callers that need status or headers. Throws ApiProblem unless the status is 2xx. */
  send(method: Method, path: string, call?: Call): Promise<Response>;
}

export function createApi(options: ApiOptions = {}): Api {
  const base = options.base ?? '/api/v1';
  // Looked up at each call, so that a test or an instrument may replace it.
  const doFetch: typeof fetch = options.fetch ?? ((input, init) => fetch(input, init));

  async function send(method: Method, path: string, call: Call = {}): Promise<Response> {
    const headers: Record<string, string> = { Accept: 'application/json', ...call.headers };
    let body = call.body;
    if (call.json !== undefined) {
      headers['Content-Type'] = 'application/json';
      body = JSON.stringify(call.json);
    }
    let response: Response;
    try {
      response = await doFetch(base + path + queryOf(call.query), {
        method,
        headers,
        body: body ?? null,
        credentials: 'same-origin',
        cache: 'no-store',
        // A redirect is never ours: it is a captive portal's, and following it would take its page for an answer.
        redirect: call.redirect ?? 'error',
        signal: call.signal ?? null,
      });
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') throw error;
      throw new NoConnection(error instanceof Error ? error.message : String(error));
    }
    const server_time = response.headers.get('Server-Time');
    if (server_time) options.onServerTime?.(server_time);
    if (response.ok) return response;
    throw await problemOf(response);
  }

  async function json<T>(method: Method, path: string, call: Call): Promise<T> {
    return readJson<T>(await send(method, path, call));
  }

  return {
    send,
    get: <T>(path: string, call: Call = {}) => json<T>('GET', path, call),
    post: <T>(path: string, body?: unknown, call: Call = {}) =>
      json<T>('POST', path, { ...call, json: body ?? {} }),
    delete: async (path, call = {}) => {
      await send('DELETE', path, call);
    },
  };
}

/** The JSON of an answer; NoConnection when it is no JSON at all, for then it was not our server that spoke. */
export async function readJson<T>(response: Response): Promise<T> {
  if (!isJson(response)) throw new NoConnection('The answer is not from Plainclothes.', true);
  try {
    return (await response.json()) as T;
  } catch (error) {
    throw new NoConnection(error instanceof Error ? error.message : String(error));
  }
}

function isJson(response: Response): boolean {
  return /^application\/(.+\+)?json\b/.test(response.headers.get('Content-Type') ?? '');
}

/** What an answer that is not 2xx means: an ApiProblem, or NoConnection when it is not our server's. */
export async function problemOf(response: Response): Promise<Error> {
  const retry_after_ms = retryAfter(response.headers.get('Retry-After'));
  if (isJson(response)) {
    const problem = (await response.json().catch(() => null)) as Partial<Problem> | null;
    if (problem && typeof problem.code === 'string') {
      return new ApiProblem(
        {
          type: 'about:blank',
          title: response.statusText,
          detail: '',
          request_id: '',
          ...problem,
          code: problem.code,
          status: response.status,
          retry: problem.retry ?? retryOf(response.status),
        },
        retry_after_ms,
      );
    }
  }
  // Without a problem's JSON it is a HEAD (which has no body), a proxy in front of the server, or a portal.
  // Every answer of ours carries Server-Time; a status below 500 without it is somebody else's.
  const ours = response.headers.has('Server-Time');
  const portal = response.status === 511;
  if (!ours && response.status !== 401 && (response.status < 500 || portal)) {
    return new NoConnection(`Status ${response.status} without a problem.`, true);
  }
  return new ApiProblem(
    {
      type: 'about:blank',
      title: response.statusText,
      status: response.status,
      detail: '',
      code: codeOf(response.status),
      request_id: response.headers.get('X-Request-Id') ?? '',
      retry: retryOf(response.status),
    },
    retry_after_ms,
  );
}

function codeOf(status: number): string {
  if (status === 401) return 'session_ended';
  if (status === 404) return 'not_found';
  return status >= 500 ? 'unavailable' : 'malformed_request';
}

function retryOf(status: number): Problem['retry'] {
  if (status === 401) return 'after_login';
  if (status === 426) return 'after_update';
  return status === 429 || status >= 500 ? 'later' : 'park';
}

/** `Retry-After` in seconds, as this API sends it; a date is ignored, for it would ask the phone's clock. */
export function retryAfter(header: string | null): number | undefined {
  return header !== null && /^\d{1,6}$/.test(header.trim()) ? Number(header) * 1000 : undefined;
}

function queryOf(query: Call['query']): string {
  const given = Object.entries(query ?? {}).filter((pair) => pair[1] !== undefined);
  return given.length === 0
    ? ''
    : '?' + new URLSearchParams(given.map(([k, v]) => [k, String(v)])).toString();
}
