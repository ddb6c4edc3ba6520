// The pure parts of sync: how long to wait, what a failure means, and what comes next.

import { describe, expect, it } from 'vitest';
import { ApiProblem, NoConnection } from '../../api/client';
import type { Problem } from '../../api/types';
import type { OutboxPhoto } from '../db';
import { backoff, LONGEST_MS } from './backoff';
import { consequence, Spoiled } from './failure';
import { FRESH_ROUND, next, type Round, type Step, type World } from './plan';

describe('backoff', () => {
  it('doubles its bound from 2 s to 15 min, and takes any part of it', () => {
    expect([1, 2, 3, 9, 10, 11, 1000].map((failures) => backoff(failures, 0.999999))).toEqual([
      2_000, 4_000, 8_000, 511_999, 899_999, 899_999, 899_999,
    ]);
    expect(backoff(7, 0)).toBe(0);
    expect(backoff(1000, 0.5)).toBe(LONGEST_MS / 2);
  });
  it('never comes back sooner than the server asked for', () => {
    expect(backoff(1, 0, 30_000)).toBe(30_000);
    expect(backoff(12, 0.9, 30_000)).toBe(810_000);
  });
});

describe('what a failure means', () => {
  const said = (status: number, retry: Problem['retry'], code = 'some_code', retry_after_ms?: number) =>
    new ApiProblem(
      { type: '', title: '', status, detail: 'why', code, request_id: '', retry },
      retry_after_ms,
    );
  const audit: Step = { do: 'audit', audit: 'a' };

  it('ends the round when nothing else could succeed', () => {
    expect(consequence(new NoConnection('x'), audit, 1)).toEqual({ then: 'end_round', why: 'offline' });
    expect(consequence(said(401, 'after_login'), audit, 1)).toEqual({ then: 'end_round', why: 'signed_out' });
    expect(consequence(said(503, 'later', 'unavailable', 5000), audit, 1)).toEqual({
      then: 'end_round',
      why: 'busy',
      retry_after_ms: 5000,
    });
  });
  it('puts the step aside when others may go on', () => {
    const photo: Step = { do: 'photo', audit: 'a', sha256: 'p' };
    expect(consequence(said(507, 'later'), photo, 1)).toMatchObject({ then: 'put_aside' });
    expect(consequence(said(500, 'later'), audit, 1)).toMatchObject({ then: 'put_aside' });
    expect(consequence(said(426, 'after_update'), { do: 'pull' }, 1)).toMatchObject({
      update_required: true,
    });
    expect(consequence(said(404, 'park'), { do: 'pull' }, 1)).toEqual({ then: 'put_aside' });
    expect(consequence(new Spoiled('x'), audit, 1)).toEqual({ then: 'put_aside' });
  });
  it('parks what the shopper made, and never anything else', () => {
    expect(consequence(said(413, 'park', 'too_large'), audit, 1)).toEqual({
      then: 'park',
      code: 'too_large',
      detail: 'why',
    });
    expect(consequence(said(400, 'park'), { do: 'offer', audits: [] }, 1)).toEqual({ then: 'put_aside' });
  });
  it('tries again at once, five times at most', () => {
    const tried = [1, 2, 3, 4, 5].map(
      (tries) => consequence(said(400, 'now', 'digest_mismatch'), audit, tries).then,
    );
    expect(tried).toEqual(['again', 'again', 'again', 'again', 'put_aside']);
  });
});

describe('what comes next', () => {
  const photo = (sha256: string, state: OutboxPhoto['state'] = 'waiting'): OutboxPhoto => ({
    sha256,
    state,
    size_bytes: 9,
    type: 'image/jpeg',
    sent_bytes: 0,
    restarts: 0,
  });
  const world = (more: Partial<World> = {}): World => ({
    epoch: 'one',
    offered_epoch: 'one',
    outbox: [],
    commands: 0,
    lacking_checklists: [],
    lacking_pictures: [],
    offered_audits: 0,
    hello_due: false,
    ...more,
  });
  const round = (more: Partial<Round> = {}): Round => ({ ...FRESH_ROUND, ...more });
  const waiting = { audit: 'a', state: 'waiting' as const, photos: [photo('p')] };
  const stored = { audit: 'b', state: 'stored' as const, photos: [photo('q')] };
  const complete = { audit: 'c', state: 'complete' as const, photos: [photo('r', 'sent')] };
  const parked = { audit: 'd', state: 'parked' as const, photos: [photo('s')] };

  it('nothing but a pull when nothing is held', () => {
    expect(next(world(), round())).toEqual({ do: 'pull' });
    expect(next(world(), round({ pulled: true }))).toBeNull();
  });
  it('asks before it sends, about what is open', () => {
    const outbox = [waiting, stored, complete, parked];
    expect(next(world({ outbox }), round())).toEqual({ do: 'offer', audits: ['a', 'b'] });
  });
  it('answers, commands, pull, checklists, photos, pictures: in this order', () => {
    const lacking = { lacking_checklists: ['x'], lacking_pictures: ['z'] };
    let now = world({ outbox: [waiting, stored], commands: 1, ...lacking });
    const asked = round({ offered: true });
    expect(next(now, asked)).toEqual({ do: 'audit', audit: 'a' });
    now = { ...now, outbox: [{ ...waiting, state: 'stored' }, stored] };
    expect(next(now, asked)).toEqual({ do: 'commands' });
    now = { ...now, commands: 0 };
    expect(next(now, asked)).toEqual({ do: 'pull' });
    expect(next(now, { ...asked, pulled: true })).toEqual({ do: 'checklist', sha256: 'x' });
    now = { ...now, lacking_checklists: [] };
    expect(next(now, { ...asked, pulled: true })).toEqual({ do: 'photo', audit: 'a', sha256: 'p' });
    now = { ...now, outbox: [], offered_audits: 0 };
    expect(next(now, { ...asked, pulled: true })).toEqual({ do: 'picture', sha256: 'z' });
  });
  it('goes past what was put aside, and past photos of an audit that is not there yet', () => {
    const now = world({ outbox: [waiting, stored], offered_audits: 2 });
    const aside = new Set(['audit a']);
    expect(next(now, round({ offered: true, pulled: true, aside }))).toEqual({
      do: 'photo',
      audit: 'b',
      sha256: 'q',
    });
    aside.add('photo q');
    expect(next(now, round({ offered: true, pulled: true, aside }))).toBeNull();
  });
  it('asks once more when all was sent', () => {
    const sent = { ...stored, photos: [photo('q', 'sent')] };
    const done = round({ offered: true, pulled: true, sent_since_offer: true });
    const now = world({ outbox: [sent], offered_audits: 1 });
    expect(next(now, done)).toEqual({ do: 'offer', audits: ['b'] });
    expect(next(now, { ...done, sent_since_offer: false })).toBeNull();
  });
  it('tells the server when the outbox has become empty', () => {
    const told = world({ outbox: [complete], offered_audits: 2 });
    expect(next(told, round({ pulled: true }))).toEqual({ do: 'offer', audits: [] });
    expect(next(world({ outbox: [complete] }), round({ pulled: true }))).toBeNull();
  });
  it('offers everything that is held when the epoch is new, even in a round that has asked already', () => {
    const now = world({ epoch: 'two', outbox: [complete, stored, parked] });
    expect(next(now, round({ offered: true, pulled: true }))).toEqual({ do: 'offer', audits: ['c', 'b'] });
  });
  it('sends photos of a quarantined audit too', () => {
    const now = world({ outbox: [{ ...stored, state: 'quarantined' }] });
    expect(next(now, round({ offered: true, pulled: true }))).toMatchObject({ do: 'photo', sha256: 'q' });
  });
});
