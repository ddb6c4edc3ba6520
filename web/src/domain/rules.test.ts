// The rules round an answer: what keeps an audit from being handed in, what is counted, what is sent.

import { describe, expect, it } from 'vitest';
import type { Answer, ChecklistDocument, Question, QuestionType, VisitForShopper } from '../api/types';
import { auditDocument } from './audit';
import { characterCount, gaps, wordCount } from './check';
import { entryName, feedSum } from './feed';
import { formatDecimal, parseDecimal } from './numbers';
import { progress } from './progress';
import { elapsed, start, STOPPED, stop } from './stopwatch';
import { groupOf } from './visits';

function question(id: string, type: QuestionType, more: Partial<Question> = {}): Question {
  return {
    id,
    type,
    text: { en: id },
    service_share: 0,
    experience_share: 0,
    required: true,
    not_applicable: 'exclude',
    bonus: false,
    timer: false,
    ...more,
  };
}

function checklist(...questions: Question[]): ChecklistDocument {
  return {
    format: 1,
    checklist: 'test',
    version: 1,
    languages: ['en'],
    title: { en: 'Test' },
    industry: 'test',
    scoring: { not_applicable: 'exclude', unanswered_optional: 'exclude', bonus_cap: true },
    sections: [{ id: 'one', title: { en: 'One' }, weight: 1, questions }],
  };
}

const lacks = (questions: Question[], answers: Record<string, Answer>) =>
  gaps(checklist(...questions), answers).map((gap) => `${gap.question} ${gap.lack}`);

describe('what keeps an audit from being handed in', () => {
  it('a required question without an answer, while it is shown', () => {
    const two = [
      question('why', 'yes_no'),
      question('then', 'text', { show_if: { question: 'why', equals: true } }),
    ];
    expect(lacks(two, {})).toEqual(['why answer']);
    expect(lacks(two, { why: { value: false } })).toEqual([]);
    expect(lacks(two, { why: { value: true } })).toEqual(['then answer']);
    expect(lacks(two, { why: { value: true }, then: { value: ' \n' } })).toEqual(['then answer']);
    expect(lacks(two, { why: { not_applicable: true } })).toEqual([]);
  });

  it('required_if in place of required', () => {
    const two = [
      question('mark', 'recommend'),
      question('reason', 'text', { required: false, required_if: { question: 'mark', at_most: 4 } }),
    ];
    expect(lacks(two, { mark: { value: 5 } })).toEqual([]);
    expect(lacks(two, { mark: { value: 4 } })).toEqual(['reason answer']);
  });

  it('photos below the minimum while its condition holds, and above the maximum always', () => {
    const photo = { min: 1, max: 2, if: { question: 'blocked', equals: true } };
    const one = [question('blocked', 'yes_no', { photo })];
    expect(lacks(one, { blocked: { value: true } })).toEqual(['blocked photos_min']);
    expect(lacks(one, { blocked: { value: false } })).toEqual([]);
    expect(lacks(one, { blocked: { value: false, photos: ['a', 'b', 'c'] } })).toEqual([
      'blocked photos_max',
    ]);
    expect(lacks(one, { blocked: { not_applicable: true } })).toEqual([]);
    const receipt = [question('receipt', 'photo', { photo: { min: 2, max: 3 } })];
    expect(lacks(receipt, {})).toEqual(['receipt answer']);
    expect(lacks(receipt, { receipt: { photos: ['a'] } })).toEqual(['receipt photos_min']);
  });

  it('values out of bounds, too few words, days that do not exist', () => {
    expect(
      lacks([question('share', 'number', { minimum: 0, maximum: 100_000 })], { share: { value: 100_001 } }),
    ).toEqual(['share maximum']);
    expect(lacks([question('gaps', 'count')], { gaps: { value: -1 } })).toEqual(['gaps minimum']);
    expect(lacks([question('below', 'number')], { below: { value: -1 } })).toEqual([]);
    expect(lacks([question('story', 'text', { words_min: 3 })], { story: { value: 'two words' } })).toEqual([
      'story words_min',
    ]);
    expect(lacks([question('day', 'date')], { day: { value: '2026-02-29' } })).toEqual(['day form']);
    expect(lacks([question('day', 'date')], { day: { value: '2028-02-29' } })).toEqual([]);
    expect(lacks([question('hour', 'time')], { hour: { value: '24:00' } })).toEqual(['hour form']);
  });

  it('counts words and characters as the server does', () => {
    expect(wordCount(' een\u00a0twee\n drie ')).toBe(3);
    expect(characterCount('a🙂')).toBe(2);
  });
});

it('progress counts only what is shown, and no headings', () => {
  const form = checklist(
    question('title', 'heading', { required: false }),
    question('why', 'yes_no'),
    question('then', 'yes_no', { show_if: { question: 'why', equals: true } }),
  );
  expect(progress(form, {})).toMatchObject({ answered: 0, total: 1 });
  expect(progress(form, { why: { value: true } })).toMatchObject({ answered: 1, total: 2 });
  expect(progress(form, { why: { value: true } }).sections[0]).toMatchObject({ lacking: 1 });
});

it('the audit document leaves out what is hidden or empty, and its photos', () => {
  const form = checklist(
    question('why', 'yes_no'),
    question('then', 'photo', { photo: { min: 1, max: 3 }, show_if: { question: 'why', equals: true } }),
    question('story', 'text', { required: false }),
  );
  const photo = (sha256: string) => ({ sha256, size_bytes: 5, type: 'image/jpeg' });
  const filled = {
    audit: 'a',
    visit: 'v',
    checklist_sha256: 'c',
    started_at: 's',
    finished_at: 'f',
    elapsed_ms: 12.6,
    language: 'en',
    photos: { x: photo('x'), y: photo('y') },
    app_version: 'test',
  };
  const answers = { why: { value: true }, then: { photos: ['y'] }, story: { value: ' ', comment: ' late ' } };
  const whole = auditDocument(form, { ...filled, answers });
  expect(whole.photos).toEqual([photo('y')]);
  expect(whole.answers).toEqual({
    why: { value: true },
    then: { photos: ['y'] },
    story: { comment: 'late' },
  });
  expect(whole.elapsed_ms).toBe(13);
  expect('supersedes' in whole).toBe(false);
  const hidden = auditDocument(form, { ...filled, answers: { ...answers, why: { value: false } } });
  expect(hidden.photos).toEqual([]);
  expect(Object.keys(hidden.answers)).toEqual(['why', 'story']);
  expect(() => auditDocument(form, { ...filled, photos: {}, answers })).toThrow(
    'nothing is known of photo y',
  );
});

describe('the stopwatch', () => {
  const at = (wall_ms: number, mono_ms: number, page = 'one') => ({ wall_ms, mono_ms, page });
  const running = start(STOPPED, at(1_000, 10));

  it('goes on through sleep, when the monotonic clock stands still', () => {
    expect(elapsed(running, at(61_000, 500))).toBe(60_000);
  });
  it('does not go back when the wall clock is set back', () => {
    expect(elapsed(running, at(-500_000, 5_010))).toBe(5_000);
  });
  it('goes on after a reload', () => {
    expect(elapsed(running, at(31_000, 3, 'two'))).toBe(30_000);
  });
  it('adds up runs, and stands still between them', () => {
    const stopped = stop(running, at(5_000, 4_010));
    expect(elapsed(stopped, at(99_000, 98_000))).toBe(4_000);
    expect(elapsed(start(stopped, at(100_000, 0)), at(101_000, 1_000))).toBe(5_000);
    expect(start(running, at(9, 9))).toBe(running);
  });
});

describe('typed numbers', () => {
  it.each([
    ['12,5', 2, 1250],
    ['12.50', 2, 1250],
    ['67', 2, 6700],
    [',5', 1, 5],
    ['1 234', 0, 1234],
    ['-3', 0, -3],
    ['−3', 3, -3000],
    ['-0', 0, 0],
    ['1.234,50', 2, 123450],
    ['1,234,567.8', 1, 12345678],
    ['−1 234,5', 1, -12345],
  ])('%s at scale %i is %i', (typed, scale, value) => expect(parseDecimal(typed, scale)).toBe(value));
  it.each([
    ['', 2],
    ['.', 2],
    ['1.2.3', 2],
    ['1.234', 2],
    ['1,234', 2],
    ['1.23,50', 2],
    ['1.234.567', 2],
    ['1.5', 0],
    ['twelve', 2],
    ['1e3', 2],
  ])('%s at scale %i is no number', (typed, scale) => expect(parseDecimal(typed, scale)).toBeNull());
  it('are written back with the mark of the locale', () => {
    expect(formatDecimal(1250, 2, ',')).toBe('12,50');
    expect(formatDecimal(1250, 2, ',', true)).toBe('12,5');
    expect(formatDecimal(5, 2, '.')).toBe('0.05');
    expect(formatDecimal(-3000, 3, '.', true)).toBe('−3');
    expect(formatDecimal(7, 0, '.')).toBe('7');
  });
});

it('the feed check is an XOR of digests', () => {
  const first = new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8, 99]);
  expect(feedSum([])).toBe('0000000000000000');
  expect(feedSum([first])).toBe('0102030405060708');
  expect(feedSum([first, first])).toBe('0000000000000000');
  expect(entryName('visit', 'x', 3)).toBe('visit:x:3');
});

describe('where a visit belongs', () => {
  const visit = (state: VisitForShopper['state']) =>
    ({
      state,
      window: { opens_at: '2026-11-22T10:00:00Z', closes_at: '2026-11-22T20:00:00Z' },
    }) as VisitForShopper;
  const none = { draft: false, handed_in: false };
  const [before, during] = [Date.parse('2026-11-22T09:59:59Z'), Date.parse('2026-11-22T10:00:00Z')];

  it('follows the window, what is on the phone, and the state', () => {
    expect(groupOf(visit('assigned'), none, before)).toBe('later');
    expect(groupOf(visit('accepted'), none, during)).toBe('now');
    expect(groupOf(visit('assigned'), { draft: true, handed_in: false }, before)).toBe('now');
    expect(groupOf(visit('assigned'), { draft: false, handed_in: true }, during)).toBe('done');
    expect(groupOf(visit('submitted'), none, during)).toBe('done');
    expect(groupOf(visit('returned'), none, during)).toBe('now');
    expect(groupOf(visit('returned'), { draft: false, handed_in: true }, during)).toBe('done');
  });
});
