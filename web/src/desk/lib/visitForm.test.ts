// A window has two ends in the right order; a shopper may come later.
import { expect, it } from 'vitest';
import { visitFormFault, type VisitForm } from './visitForm';

const form: VisitForm = {
  campaign: 'c',
  location: 'l',
  shopper: '',
  opens: '2026-11-22T11:00',
  closes: '2026-11-22T14:00',
};

it('accepts a visit that nobody has yet', () => {
  expect(visitFormFault(form)).toBeNull();
});

it('misses a location, and an end of the window', () => {
  expect(visitFormFault({ ...form, location: '' })).toBe('missing');
  expect(visitFormFault({ ...form, closes: '' })).toBe('missing');
});

it('refuses a window that is empty or turned round', () => {
  expect(visitFormFault({ ...form, closes: form.opens })).toBe('closes_before_opens');
  expect(visitFormFault({ ...form, closes: '2026-11-21T23:00' })).toBe('closes_before_opens');
});
