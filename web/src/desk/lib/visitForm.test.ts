// A window has two ends in the right order; a shopper may come later.
import { expect, it } from 'vitest';
import { visitFormFault, type VisitForm } from './visitForm';

const form: VisitForm = {
  campaign: 'c',
  location: 'l',
  shopper: '',
  follows: '',
  opens: '2026-11-22T11:00',
  closes: '2026-11-22T14:00',
};

it('accepts a visit that nobody has yet', () => {
  expect(visitFormFault(form, false)).toBeNull();
});

it('misses a location, and an end of the window', () => {
  expect(visitFormFault({ ...form, location: '' }, false)).toBe('missing');
  expect(visitFormFault({ ...form, closes: '' }, false)).toBe('missing');
});

it('refuses a window that is empty or turned round', () => {
  expect(visitFormFault({ ...form, closes: form.opens }, false)).toBe('closes_before_opens');
  expect(visitFormFault({ ...form, closes: '2026-11-21T23:00' }, false)).toBe('closes_before_opens');
});

it('asks for the first visit where this is the second', () => {
  expect(visitFormFault(form, true)).toBe('follows_missing');
  expect(visitFormFault({ ...form, follows: 'v' }, true)).toBeNull();
});
