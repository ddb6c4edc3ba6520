// Right answers: one per question and place, and numbers as people type them.
import { describe, expect, it } from 'vitest';
import type { ChecklistDocument, Question } from '../../api/types';
import { keyAt, known, numberShown, numberTyped, trapQuestions, withKey } from './traps';

const question = (change: Partial<Question>): Question => ({
  id: 'q',
  type: 'number',
  text: { en: 'Q' },
  service_share: 0,
  experience_share: 0,
  required: true,
  not_applicable: 'not_allowed',
  bonus: false,
  timer: false,
  trap: true,
  ...change,
});
const version = (questions: Question[]): ChecklistDocument => ({
  format: 2,
  checklist: 'c',
  version: 1,
  languages: ['en'],
  title: { en: 'C' },
  industry: 'retail',
  scoring: { not_applicable: 'not_allowed', unanswered_optional: 'exclude', bonus_cap: true },
  sections: [{ id: 's', title: { en: 'S' }, weight: 1, questions }],
});

it('traps are those of all versions, as the latest asks them', () => {
  const { trap: _, ...plain } = question({ id: 'plain' });
  const found = trapQuestions([
    version([question({ id: 'old' }), question({ id: 'both', text: { en: 'Then' } }), plain]),
    version([question({ id: 'both', text: { en: 'Now' } })]),
  ]);
  expect(found.map((one) => [one.id, one.text['en']])).toEqual([
    ['old', 'Q'],
    ['both', 'Now'],
  ]);
});

describe('keys', () => {
  const everywhere = { question: 'q', answer: 1 };
  it('are one for each place', () => {
    const keys = withKey(withKey([everywhere], 'q', 'l', 2), 'q', 'l', 3);
    expect(keys).toEqual([everywhere, { question: 'q', location: 'l', answer: 3 }]);
    expect(keyAt(keys, 'q')?.answer).toBe(1);
    expect(keyAt(keys, 'q', 'l')?.answer).toBe(3);
  });
  it('go when their answer is taken away, and only they', () => {
    const keys = [everywhere, { question: 'q', location: 'l', answer: 2 }];
    expect(withKey(keys, 'q', undefined, undefined)).toEqual([keys[1]]);
  });
  it('of the whole campaign may come with an empty place', () => {
    expect(keyAt([{ question: 'q', location: null, answer: 1 }], 'q')?.answer).toBe(1);
  });
  it('of questions that no version asks are left out', () => {
    expect(known([everywhere, { question: 'gone', answer: 1 }], [question({})])).toEqual([everywhere]);
  });
});

it('numbers are typed in the question’s unit and kept as integers', () => {
  expect(numberTyped(question({}), '1,5')).toBe(1500);
  expect(numberTyped(question({ type: 'money', currency: 'EUR' }), '12.50')).toBe(1250);
  expect(numberTyped(question({ type: 'money', currency: 'JPY' }), '12.5')).toBeNull();
  expect(numberTyped(question({ type: 'count' }), '3')).toBe(3);
  expect(numberTyped(question({ type: 'count' }), 'three')).toBeNull();
  expect(numberShown(question({}), 1500, 'nl')).toBe('1,5');
  expect(numberShown(question({ type: 'money', currency: 'EUR' }), 1250, 'en')).toBe('12.50');
});
