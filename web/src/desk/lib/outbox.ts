// What is still on phones, added up. From each phone's own last report; nothing is guessed for phones that never reported.
import type { Person } from '../../api/types';

export interface Waiting {
  audits: number;
  /** Phones with at least one audit or photo left. */
  phones: number;
}

export function waitingOnPhones(people: readonly Person[]): Waiting {
  return people.reduce<Waiting>(
    (sum, { outbox }) =>
      outbox && outbox.audits + outbox.photos > 0
        ? { audits: sum.audits + outbox.audits, phones: sum.phones + 1 }
        : sum,
    { audits: 0, phones: 0 },
  );
}

/** People whose phones hold something first, the oldest work on top; then by name. */
export function byUrgency(people: readonly Person[], language: string): Person[] {
  const collator = new Intl.Collator(language);
  const held = (person: Person) => (person.outbox ? person.outbox.audits + person.outbox.photos : 0);
  return [...people].sort(
    (a, b) =>
      Number(held(b) > 0) - Number(held(a) > 0) ||
      (held(a) > 0 ? (a.outbox?.oldest ?? '').localeCompare(b.outbox?.oldest ?? '') : 0) ||
      collator.compare(a.display_name, b.display_name),
  );
}
