// The figures that tell an agency what it would lose with a phone, and which phone to ask for first.
import { describe, expect, it } from 'vitest';
import type { Person } from '../../api/types';
import { ordered, waitingOnPhones, type Order } from './outbox';

const person = (display_name: string, audits?: number, oldest?: string, photo_bytes = 0): Person => ({
  id: display_name,
  display_name,
  email: '',
  grants: [],
  ...(audits === undefined
    ? {}
    : {
        outbox: {
          audits,
          photos: photo_bytes > 0 ? 1 : 0,
          photo_bytes,
          reported_at: '',
          ...(oldest ? { oldest } : {}),
        },
      }),
});
const people = [
  person('Ada', 0),
  person('Bo', 2, '2026-11-20', 900),
  person('Cas'),
  person('Dee', 1, '2026-11-18', 40),
  person('Eli', 0, undefined, 5000),
  person('Aad', 1, '2026-11-20', 40),
];

it('adds up what reported phones hold', () => {
  expect(waitingOnPhones(people)).toEqual({ audits: 4, phones: 4, photo_bytes: 5980, oldest: '2026-11-18' });
  expect(waitingOnPhones([person('Ada', 0)])).toEqual({
    audits: 0,
    phones: 0,
    photo_bytes: 0,
    oldest: undefined,
  });
});

describe('in order', () => {
  const names = (by: Order) => ordered(people, by, 'en').map((one) => one.display_name);
  it('of age: the oldest waiting work on top, what has no age after it, empty phones last', () => {
    expect(names('age')).toEqual(['Dee', 'Aad', 'Bo', 'Eli', 'Ada', 'Cas']);
  });
  it('of data: the most on top', () => {
    expect(names('bytes')).toEqual(['Eli', 'Bo', 'Aad', 'Dee', 'Ada', 'Cas']);
  });
  it('of name', () => {
    expect(names('name')).toEqual(['Aad', 'Ada', 'Bo', 'Cas', 'Dee', 'Eli']);
  });
});
