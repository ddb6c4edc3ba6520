// What went wrong in a call, in the shape that a page shows: a code to find a sentence by, and what the server adds to it.
// The sentences themselves are in ../words.
import { ApiProblem, NoConnection } from '../../api/client';
import type { Problem } from '../../api/types';

export interface Failure {
  code: string;
  /** The server's own words; empty where it gave none. */
  detail: string;
  errors: NonNullable<Problem['errors']>;
  request_id: string;
  /** Whether asking again without a change may help, so that a button for it is worth showing. */
  again: boolean;
}

/** Anything thrown by a call, as a failure to show; a fault of the page itself gets its own code. */
export function asFailure(thrown: unknown): Failure {
  if (thrown instanceof ApiProblem) {
    return {
      code: thrown.code,
      detail: thrown.detail,
      errors: thrown.problem.errors ?? [],
      request_id: thrown.problem.request_id,
      again: thrown.retry === 'now' || thrown.retry === 'later',
    };
  }
  if (thrown instanceof NoConnection) {
    return { code: 'unreachable', detail: '', errors: [], request_id: '', again: true };
  }
  const detail = thrown instanceof Error ? thrown.message : String(thrown);
  return { code: 'page_fault', detail, errors: [], request_id: '', again: false };
}

export function wasAborted(thrown: unknown): boolean {
  return thrown instanceof DOMException && thrown.name === 'AbortError';
}

/** The session is over: the page turns to sign-in instead of showing an error. */
export function hasEnded(thrown: unknown): boolean {
  return thrown instanceof ApiProblem && thrown.status === 401 && thrown.code !== 'wrong_credentials';
}
