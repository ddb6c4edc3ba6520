// What a sync round does next. Pure: a function of what the phone holds and of what has happened in this round.
// Who is there at all comes first, when there is something to send. Then kilobytes before megabytes: ask, hand in answers, tell, pull, fetch checklists; then photos, oldest audit first, and last
// the reference pictures: what was made here goes before what can be fetched again.

import type { OutboxRecord } from '../db';
import { isOpen } from '../outbox';

export interface World {
  /** The server's epoch as last seen, and the one in which it was offered everything that is held here. */
  epoch: string | null;
  offered_epoch: string | null;
  /** Oldest first. */
  outbox: readonly Pick<OutboxRecord, 'audit' | 'state' | 'photos'>[];
  /** How many intents wait. */
  commands: number;
  lacking_checklists: readonly string[];
  lacking_pictures: readonly string[];
  /** How many audits the server was last told are still on this phone. */
  offered_audits: number;
  /** Nobody has asked for a while who is at the other end of the line. */
  hello_due: boolean;
}

export interface Round {
  greeted: boolean;
  /** The server was asked about everything that is open. */
  offered: boolean;
  /** Something was sent since the last time the server was asked. */
  sent_since_offer: boolean;
  pulled: boolean;
  /** Steps that failed in this round, by `keyOf`. */
  aside: ReadonlySet<string>;
}

export const FRESH_ROUND: Round = {
  greeted: false,
  offered: false,
  sent_since_offer: false,
  pulled: false,
  aside: new Set(),
};

export type Step =
  | { do: 'hello' }
  | { do: 'offer'; audits: string[] }
  | { do: 'audit'; audit: string }
  | { do: 'commands' }
  | { do: 'pull' }
  | { do: 'checklist'; sha256: string }
  | { do: 'picture'; sha256: string }
  | { do: 'photo'; audit: string; sha256: string };

/** Names a step, to put it aside. */
export function keyOf(step: Step): string {
  switch (step.do) {
    case 'audit':
      return `audit ${step.audit}`;
    case 'checklist':
      return `checklist ${step.sha256}`;
    case 'picture':
      return `picture ${step.sha256}`;
    case 'photo':
      return `photo ${step.sha256}`;
    case 'hello':
    case 'offer':
    case 'commands':
    case 'pull':
      return step.do;
  }
}

/** The next step, or null when the round is done. */
export function next(world: World, round: Round): Step | null {
  for (const step of steps(world, round)) if (!round.aside.has(keyOf(step))) return step;
  return null;
}

function* steps(world: World, round: Round): Generator<Step> {
  // In a new epoch the server may have lost what it had: it is offered all that is held, receipts or not.
  const everything = world.epoch !== null && world.epoch !== world.offered_epoch;
  const asked = world.outbox.filter((item) => item.state !== 'parked' && (everything || isOpen(item)));
  if (world.hello_due && !round.greeted && (asked.length > 0 || world.commands > 0)) yield { do: 'hello' };
  const offer: Step = { do: 'offer', audits: asked.map((item) => item.audit) };
  if (asked.length > 0 && (!round.offered || everything)) yield offer;

  for (const item of world.outbox) if (item.state === 'waiting') yield { do: 'audit', audit: item.audit };
  if (world.commands > 0) yield { do: 'commands' };
  if (!round.pulled) yield { do: 'pull' };
  for (const sha256 of world.lacking_checklists) yield { do: 'checklist', sha256 };

  for (const item of world.outbox) {
    // Photos of an audit that the server has not taken wait with it.
    if (item.state !== 'stored' && item.state !== 'quarantined') continue;
    for (const photo of waitingPhotos(item)) yield { do: 'photo', audit: item.audit, sha256: photo.sha256 };
  }
  for (const sha256 of world.lacking_pictures) yield { do: 'picture', sha256 };

  // Something was sent: only the server can say that all of it arrived. And it is told how much is left.
  if (round.sent_since_offer && asked.length > 0) yield offer;
  if (world.offered_audits !== world.outbox.filter(isOpen).length) yield offer;
}

function waitingPhotos(item: World['outbox'][number]) {
  return item.state === 'parked' ? [] : item.photos.filter((photo) => photo.state === 'waiting');
}
