// What of a draft goes along to another version of its checklist, and what does not.

import { describe, expect, it } from 'vitest';
import type { Answer, ChecklistDocument, Question } from '../api/types';
import { carry } from './carry';

const question = (id: string, more: Partial<Question> = {}): Question => ({
  id,
  type: 'yes_no',
  text: { en: `Words of ${id}` },
  service_share: 100,
  experience_share: 0,
  required: true,
  not_applicable: 'exclude',
  bonus: false,
  timer: false,
  ...more,
});

const version = (...questions: Question[]): ChecklistDocument => ({
  format: 2,
  checklist: 'sample',
  version: 1,
  languages: ['en'],
  title: { en: 'Sample' },
  industry: 'retail',
  scoring: { not_applicable: 'exclude', unanswered_optional: 'exclude', bonus_cap: true },
  sections: [{ id: 'one', title: { en: 'One' }, weight: 1, questions }],
});

const options = (...ids: string[]) => ids.map((id) => ({ id, text: { en: id }, points_milli: 0 }));
const one = (before: Question, now: Question | undefined, answer: Answer) =>
  carry(version(before), now ? version(now) : version(), { [before.id]: answer });

describe('what carries over', () => {
  it('keeps the answer of a question that is still there, wherever and in whatever words', () => {
    const from = version(question('a'), question('b'), question('new_place'));
    const to = version(question('new_place'), question('a', { text: { en: 'Other words' } }), question('b'));
    const answers = { a: { value: true }, b: { not_applicable: true, comment: 'x' } as Answer };
    expect(carry(from, to, answers)).toEqual({ answers, left: [], kept: 2, fresh: 0 });
  });

  it('counts the questions that are new, headings aside', () => {
    const to = version(question('a'), question('b'), question('h', { type: 'heading' }));
    expect(carry(version(question('a')), to, {}).fresh).toBe(1);
  });

  it('says nothing of questions that were not answered', () => {
    expect(one(question('a'), undefined, { recorded_at: 'x' })).toMatchObject({ left: [], kept: 0 });
  });

  it('names a question that is gone, in the words that were answered', () => {
    expect(one(question('a'), undefined, { value: true })).toEqual({
      answers: {},
      left: [{ question: 'a', text: { en: 'Words of a' }, why: 'not_asked' }],
      kept: 0,
      fresh: 0,
    });
  });

  const steps = (count: number) => Array.from({ length: count }, () => ({ text: {}, points_milli: 0 }));
  it.each<[string, Partial<Question>, Partial<Question>, Answer]>([
    ['another type', { type: 'count' }, { type: 'number' }, { value: 3 }],
    [
      'another currency',
      { type: 'money', currency: 'EUR' },
      { type: 'money', currency: 'USD' },
      { value: 3 },
    ],
    ['more steps', { type: 'scale', steps: steps(4) }, { type: 'scale', steps: steps(5) }, { value: 3 }],
  ])('leaves an answer that was asked for otherwise: %s', (_, before, now, answer) => {
    const carried = one(question('a', before), question('a', now), answer);
    expect(carried).toMatchObject({ answers: {}, left: [{ why: 'asked_otherwise' }], kept: 0 });
  });

  it('leaves a choice that is not offered any more, and keeps its comment and photos', () => {
    const before = question('a', { type: 'choice', options: options('x', 'y'), photo: { min: 0, max: 2 } });
    const now = { ...before, options: options('y', 'z') };
    const answer: Answer = { value: 'x', comment: 'because', photos: ['p'], recorded_at: 'then' };
    expect(one(before, now, answer)).toEqual({
      answers: { a: { comment: 'because', photos: ['p'], recorded_at: 'then' } },
      left: [expect.objectContaining({ why: 'not_an_answer' })],
      kept: 0,
      fresh: 0,
    });
    expect(one(before, now, { value: 'y' })).toMatchObject({ left: [], kept: 1 });
  });

  it('leaves ‘not applicable’ where it may not be said any more', () => {
    const now = question('a', { not_applicable: 'not_allowed' });
    expect(one(question('a'), now, { not_applicable: true })).toMatchObject({
      answers: {},
      left: [{ why: 'not_an_answer' }],
    });
  });

  it('keeps as many photos as there is room for, in their order', () => {
    const before = question('a', { type: 'photo', photo: { min: 0, max: 3 } });
    const now = question('a', { type: 'photo', photo: { min: 0, max: 2 } });
    expect(one(before, now, { photos: ['p', 'q', 'r'] })).toMatchObject({
      answers: { a: { photos: ['p', 'q'] } },
      left: [{ why: 'photos' }],
    });
    expect(one(before, before, { photos: ['p', 'q', 'r'] })).toMatchObject({ left: [], kept: 1 });
    const none = question('a', { type: 'photo' });
    expect(one(before, none, { photos: ['p'] })).toMatchObject({ answers: {}, left: [{ why: 'photos' }] });
  });

  it('looks at a value that lies under ‘not applicable’ too', () => {
    const before = question('a', { type: 'choice', options: options('x') });
    const now = { ...before, options: options('y') };
    expect(one(before, now, { value: 'x', not_applicable: true })).toMatchObject({
      answers: { a: { not_applicable: true } },
    });
  });

  it('does not touch what it is given, nor trip over odd ids', () => {
    const answers = Object.fromEntries([['__proto__', { value: true }]]);
    const carried = carry(version(question('__proto__')), version(question('__proto__')), answers);
    expect(Object.entries(carried.answers)).toEqual([['__proto__', { value: true }]]);
    const photos = Object.freeze(['p', 'q']) as string[];
    const before = question('a', { type: 'photo', photo: { min: 0, max: 1 } });
    expect(one(before, before, Object.freeze({ photos })).answers['a']?.photos).toEqual(['p']);
  });
});
