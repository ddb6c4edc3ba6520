// Whether an answer of success is one of ours and has the shape that was asked for. A portal, a proxy or a cache may say
// 200 to anything; nothing of theirs may be taken for an acknowledgement. Not here: whether a receipt is genuine
// (receipts.ts).

import { NoConnection, readJson } from '../../api/client';
import type { Changes, OfferAnswer, OfferedItem, Quarantined, Receipt } from '../../api/types';
import { Spoiled } from './failure';

type Shape = Record<string, unknown>;

/** Every answer of ours carries the server's time; without it, it is a page of whoever owns the line. */
export function ours(response: Response): Response {
  if (response.headers.has('Server-Time')) return response;
  throw new NoConnection('The answer is not from Plainclothes.', true);
}

/** The JSON of an answer of ours. Throws Spoiled when it is not what was asked for. */
export async function answerOf<T>(response: Response, is: (said: unknown) => said is T): Promise<T> {
  const said = await readJson<unknown>(ours(response));
  if (!is(said)) throw new Spoiled('The answer is not what was asked for.');
  return said;
}

/** The bytes of an answer of ours; NoConnection when the line breaks while they come. */
export async function bytesOf(response: Response): Promise<ArrayBuffer> {
  return ours(response)
    .arrayBuffer()
    .catch((error: unknown) => {
      throw new NoConnection(String(error));
    });
}

export function isObject(said: unknown): said is Shape {
  return typeof said === 'object' && said !== null && !Array.isArray(said);
}

export function areStrings(said: unknown): said is string[] {
  return Array.isArray(said) && said.every((one) => typeof one === 'string');
}

export function isReceipt(said: unknown): said is Receipt {
  return (
    isObject(said) &&
    ['audit', 'sha256', 'epoch'].every((name) => typeof said[name] === 'string') &&
    isOneOf(said['state'], ['stored', 'complete', 'quarantined']) &&
    areStrings(said['photos_missing'])
  );
}

/** What a PUT of an audit is answered with: a receipt, or why it is in quarantine, with one. */
export function isArrival(said: unknown): said is Receipt | Quarantined {
  return (
    isReceipt(said) || (isObject(said) && typeof said['reason'] === 'string' && isReceipt(said['receipt']))
  );
}

export function isOfferAnswer(said: unknown): said is OfferAnswer {
  return (
    isObject(said) &&
    typeof said['epoch'] === 'string' &&
    Array.isArray(said['items']) &&
    said['items'].every(isOfferedItem)
  );
}

function isOfferedItem(said: unknown): said is OfferedItem {
  return (
    isObject(said) &&
    typeof said['audit'] === 'string' &&
    areStrings(said['photos_needed']) &&
    (said['partial'] === undefined || isObject(said['partial'])) &&
    // That it has the audit is to be believed only with a receipt.
    (said['state'] === 'unknown' ||
      (isOneOf(said['state'], ['stored', 'complete', 'quarantined']) && isReceipt(said['receipt'])))
  );
}

export function isChanges(said: unknown): said is Changes {
  return (
    isObject(said) &&
    ['epoch', 'cursor'].every((name) => typeof said[name] === 'string') &&
    ['reset', 'more'].every((name) => typeof said[name] === 'boolean') &&
    isObject(said['check']) &&
    Array.isArray(said['changes']) &&
    said['changes'].every(isChange)
  );
}

function isChange(said: unknown): boolean {
  return (
    isObject(said) &&
    typeof said['id'] === 'string' &&
    isOneOf(said['kind'], ['visit', 'feedback']) &&
    (said['op'] === 'del' || (said['op'] === 'put' && isObject(said['value'])))
  );
}

export interface CommandResults {
  results: { id: string }[];
}

export function isCommandResults(said: unknown): said is CommandResults {
  return (
    isObject(said) &&
    Array.isArray(said['results']) &&
    said['results'].every((one) => isObject(one) && typeof one['id'] === 'string')
  );
}

function isOneOf(said: unknown, words: readonly string[]): boolean {
  return typeof said === 'string' && words.includes(said);
}
