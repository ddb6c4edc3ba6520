// Whatever goes wrong, the page gets one kind of failure, and offers to try again only where that may help.
import { expect, it } from 'vitest';
import { ApiProblem, NoConnection } from '../../api/client';
import type { Problem } from '../../api/types';
import { asFailure, hasEnded, wasAborted } from './problems';

const problem = (change: Partial<Problem>) =>
  new ApiProblem({
    type: 'about:blank',
    title: '',
    status: 409,
    detail: 'Two photos',
    code: 'audit_incomplete',
    request_id: 'r1',
    retry: 'later',
    ...change,
  });

it('keeps what the server said', () => {
  expect(asFailure(problem({}))).toEqual({
    code: 'audit_incomplete',
    detail: 'Two photos',
    errors: [],
    request_id: 'r1',
    again: true,
  });
  expect(asFailure(problem({ retry: 'park' })).again).toBe(false);
});

it('tells a lost line from a fault of the page', () => {
  expect(asFailure(new NoConnection('x'))).toMatchObject({ code: 'unreachable', again: true });
  expect(asFailure(new TypeError('x is undefined'))).toMatchObject({ code: 'page_fault', again: false });
  expect(wasAborted(new DOMException('', 'AbortError'))).toBe(true);
});

it('knows an ended session from a wrong password', () => {
  expect(hasEnded(problem({ status: 401, code: 'session_ended' }))).toBe(true);
  expect(hasEnded(problem({ status: 401, code: 'wrong_credentials' }))).toBe(false);
});
