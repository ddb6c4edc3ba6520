// The figure that tells an agency what it would lose with a phone.
import { expect, it } from 'vitest';
import type { Person } from '../../api/types';
import { byUrgency, waitingOnPhones } from './outbox';

const person = (display_name: string, audits?: number, oldest?: string): Person => ({
  id: display_name,
  display_name,
  email: '',
  grants: [],
  ...(audits === undefined
    ? {}
    : { outbox: { audits, photos: 0, photo_bytes: 0, reported_at: '', ...(oldest ? { oldest } : {}) } }),
});
const people = [
  person('Ada', 0),
  person('Bo', 2, '2026-11-20'),
  person('Cas'),
  person('Dee', 1, '2026-11-18'),
];

it('adds up what reported phones hold', () => {
  expect(waitingOnPhones(people)).toEqual({ audits: 3, phones: 2 });
  expect(waitingOnPhones([])).toEqual({ audits: 0, phones: 0 });
});

it('puts the oldest waiting work on top', () => {
  expect(byUrgency(people, 'en').map((p) => p.display_name)).toEqual(['Dee', 'Bo', 'Ada', 'Cas']);
});
