// What the wrapper makes of answers: ours, a proxy's, a portal's, and none.

import { describe, expect, it } from 'vitest';
import { ApiProblem, createApi, NoConnection, retryAfter } from './client';

const ours = { 'Server-Time': '2026-11-22T12:00:00.000Z' };
const problem = {
  type: 'about:blank',
  title: 'x',
  status: 429,
  detail: 'slow',
  code: 'rate_limited',
  request_id: 'r',
  retry: 'later',
};

function answering(status: number, body: string | null, headers: Record<string, string>) {
  return createApi({ fetch: () => Promise.resolve(new Response(body, { status, headers })) });
}

const failure = (status: number, body: string | null, headers: Record<string, string>) =>
  answering(status, body, headers)
    .get('/x')
    .then(
      () => 'no failure',
      (error: unknown) => error,
    );

describe('an answer', () => {
  it('of ours is read, and its time handed on', async () => {
    let seen = '';
    const api = createApi({
      fetch: () =>
        Promise.resolve(
          new Response('{"a":1}', {
            headers: { ...ours, 'Content-Type': 'application/json; charset=utf-8' },
          }),
        ),
      onServerTime: (server_time) => (seen = server_time),
    });
    expect(await api.get('/x', { query: { a: 1, b: undefined } })).toEqual({ a: 1 });
    expect(seen).toBe(ours['Server-Time']);
  });

  it('with a problem is that problem, and what it asks for', async () => {
    const headers = { ...ours, 'Content-Type': 'application/problem+json', 'Retry-After': '30' };
    const error = await failure(429, JSON.stringify(problem), headers);
    expect(error).toBeInstanceOf(ApiProblem);
    expect(error).toMatchObject({ code: 'rate_limited', retry: 'later', retry_after_ms: 30_000 });
  });

  it('without a problem is told apart by the time that only our server sends', async () => {
    expect(await failure(404, null, ours)).toMatchObject({
      name: 'ApiProblem',
      status: 404,
      code: 'not_found',
    });
    expect(await failure(404, '<html>', {})).toBeInstanceOf(NoConnection);
    expect(await failure(502, '<html>', {})).toMatchObject({ name: 'ApiProblem', retry: 'later' });
    expect(await failure(401, null, {})).toMatchObject({ retry: 'after_login' });
  });

  it('that is a portal’s page is no answer', async () => {
    expect(await failure(200, '<html>', { 'Content-Type': 'text/html' })).toBeInstanceOf(NoConnection);
    expect(await failure(200, '{', { 'Content-Type': 'application/json' })).toBeInstanceOf(NoConnection);
  });

  it('that never comes is a lost line', async () => {
    const api = createApi({ fetch: () => Promise.reject(new TypeError('Failed to fetch')) });
    await expect(api.post('/x')).rejects.toBeInstanceOf(NoConnection);
  });
});

it('takes Retry-After in seconds only: a date would ask the phone’s clock', () => {
  expect(retryAfter('5')).toBe(5000);
  expect(retryAfter('Sun, 22 Nov 2026 12:00:00 GMT')).toBeUndefined();
  expect(retryAfter(null)).toBeUndefined();
});
