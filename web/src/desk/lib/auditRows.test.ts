// Every question of the checklist appears once, with the points that the server gave it.
import { describe, expect, it } from 'vitest';
import type { AuditDetail, Question } from '../../api/types';
import { auditRows, compareScores, dimensionOf, missingPhotos, verdict } from './auditRows';

const question = (id: string): Question => ({
  id,
  type: 'yes_no',
  text: { en: id },
  service_share: 100,
  experience_share: 0,
  required: true,
  not_applicable: 'exclude',
  bonus: false,
  timer: false,
});
const photo = (sha256: string, stored: boolean, waived = false) => ({
  sha256,
  question: 'b',
  stored,
  waived,
});
const audit = {
  checklist: {
    format: 1,
    checklist: 'c',
    version: 1,
    languages: ['en'],
    title: { en: 'C' },
    industry: 'x',
    scoring: { not_applicable: 'exclude', unanswered_optional: 'exclude', bonus_cap: true },
    sections: [
      { id: 's', title: { en: 'S' }, weight: 1, questions: [question('a'), question('b'), question('c')] },
    ],
  },
  answers: { a: { value: true }, b: { value: false, photos: ['p'] } },
  photos: [photo('p', true), photo('q', false), photo('r', false, true)],
  score: {
    engine: 1,
    total_micros: 500_000,
    service_micros: 500_000,
    experience_micros: null,
    balanced_micros: null,
    failed: false,
    passed: null,
    sections: [{ id: 's', micros: 500_000, service_micros: 500_000, experience_micros: null, failed: true }],
    trace: [
      { question: 'a', earned_milli: 5000, possible_milli: 5000, why: 'scored' },
      { question: 'b', earned_milli: 0, possible_milli: 5000, why: 'scored' },
      { question: 'c', earned_milli: 0, possible_milli: 0, why: 'hidden' },
    ],
  },
  traps: [{ question: 'b', expected: true, outcome: 'missed' }],
  phone_score: { total_micros: 500_001, service_micros: 500_000, experience_micros: null, engine: 1 },
} as unknown as AuditDetail;

describe('an audit for review', () => {
  it('lists every question with points, reason and photos', () => {
    const [section] = auditRows(audit);
    expect(
      section?.rows.map((row) => [row.question.id, row.earned_milli, row.why, row.photos.length]),
    ).toEqual([
      ['a', 5000, 'scored', 0],
      ['b', 0, 'scored', 3],
      ['c', 0, 'hidden', 0],
    ]);
    expect(section?.hidden).toBe(1);
    expect(section?.failed).toBe(true);
    expect(section?.rows.map(verdict)).toEqual(['full', 'none', 'unscored']);
  });
  it('finds the smallest disagreement between phone and server', () => {
    expect(compareScores(audit).map((c) => c.same)).toEqual([false, true, true]);
  });
  it('compares a recovery score only where both have one', () => {
    expect(compareScores(audit).map((c) => c.name)).not.toContain('recovery');
    const score = { ...audit.score, recovery_micros: null };
    const phone_score = { ...audit.phone_score, recovery_micros: null };
    expect(compareScores({ score, phone_score }).at(-1)).toMatchObject({ name: 'recovery', same: true });
    const other = { ...phone_score, recovery_micros: 1 };
    expect(compareScores({ score, phone_score: other }).at(-1)?.same).toBe(false);
    expect(compareScores({ score, phone_score: audit.phone_score })).toHaveLength(3);
  });
  it('puts traps and the first face of a pair beside their questions', () => {
    const second = { ...question('b'), type: 'emotion' as const, since: 'a' };
    const questions = [question('a'), second];
    const [section] = auditRows({
      ...audit,
      checklist: { ...audit.checklist, sections: [{ id: 's', title: {}, weight: 1, questions }] },
    });
    expect(section?.rows.map((row) => row.trap?.outcome)).toEqual([undefined, 'missed']);
    expect(section?.rows.map((row) => row.earlier?.answer?.value)).toEqual([undefined, true]);
  });
  it('misses photos that neither arrived nor were waived', () => {
    expect(missingPhotos(audit).map((p) => p.sha256)).toEqual(['q']);
  });
});

it('bonus points count as full, though nothing was possible', () => {
  expect(verdict({ earned_milli: 2000, possible_milli: 0, why: 'bonus' })).toBe('full');
  expect(verdict({ earned_milli: 2000, possible_milli: 5000, why: 'scored' })).toBe('part');
});

it('a question may speak for both', () => {
  expect(dimensionOf({ service_share: 30, experience_share: 70 })).toBe('both');
  expect(dimensionOf({ service_share: 0, experience_share: 0 })).toBe('none');
});
