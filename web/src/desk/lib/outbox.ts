// What is still on phones, added up. From each phone's own last report; nothing is guessed for phones that never reported.
import type { Person } from '../../api/types';

export interface Waiting {
  audits: number;
  /** Phones with at least one audit or photo left. */
  phones: number;
  photo_bytes: number;
  /** When the oldest of it was made; RFC 3339. */
  oldest: string | undefined;
}

export function waitingOnPhones(people: readonly Person[]): Waiting {
  const held = people.flatMap(({ outbox }) => (outbox && outbox.audits + outbox.photos > 0 ? [outbox] : []));
  return {
    audits: held.reduce((sum, outbox) => sum + outbox.audits, 0),
    phones: held.length,
    photo_bytes: held.reduce((sum, outbox) => sum + outbox.photo_bytes, 0),
    oldest: held
      .flatMap(({ oldest }) => oldest ?? [])
      .sort()
      .at(0),
  };
}

/** What a list of people can be ordered by; each puts on top what an agency should look at first. */
export const orders = ['age', 'bytes', 'name'] as const;
export type Order = (typeof orders)[number];

/**
 * - `age`: the oldest work on top
 * - `bytes`: the most photo data on top
 * - `name`: by name alone
 *
 * People whose phones hold nothing, or never said, come after all others; what is equal stands by name.
 */
export function ordered(people: readonly Person[], by: Order, language: string): Person[] {
  const collator = new Intl.Collator(language);
  const held = ({ outbox }: Person) => (outbox && outbox.audits + outbox.photos > 0 ? outbox : undefined);
  const first = (a: Person, b: Person) => {
    const [x, y] = [held(a), held(b)];
    if (!x || !y) return Number(x === undefined) - Number(y === undefined);
    if (by === 'bytes') return y.photo_bytes - x.photo_bytes;
    // What has no age comes after what has.
    const [then, later] = [x.oldest ?? '~', y.oldest ?? '~'];
    return then === later ? 0 : then < later ? -1 : 1;
  };
  return [...people].sort(
    (a, b) => (by === 'name' ? 0 : first(a, b)) || collator.compare(a.display_name, b.display_name),
  );
}
