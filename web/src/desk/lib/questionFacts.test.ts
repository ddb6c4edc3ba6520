// A version reads in words: what an answer earns, the rules around a question, and conditions.
import { describe, expect, it } from 'vitest';
import type { ChecklistDocument, Question } from '../../api/types';
import { checklistWords } from '../words/checklists';
import { shellWords } from '../words/shell';
import { conditionInWords } from './conditionWords';
import { outcomes, rules, type FactReader } from './questionFacts';

const words = checklistWords();
const reader: FactReader = {
  locale: 'en',
  say: (text) => text['en'] ?? '',
  answers: shellWords().answer,
  conditions: words.conditions,
  facts: words.facts,
};
const question = (change: Partial<Question>): Question => ({
  id: 'q',
  type: 'yes_no',
  text: { en: 'Clean?' },
  service_share: 100,
  experience_share: 0,
  required: true,
  not_applicable: 'not_allowed',
  bonus: false,
  timer: false,
  ...change,
});
const of = (...questions: Question[]): ChecklistDocument => ({
  format: 2,
  checklist: 'c',
  version: 1,
  languages: ['en'],
  title: { en: 'C' },
  industry: 'retail',
  scoring: { not_applicable: 'not_allowed', unanswered_optional: 'exclude', bonus_cap: true },
  sections: [{ id: 's', title: { en: 'S' }, weight: 1, questions }],
});

describe('what answers earn', () => {
  it('is the points of the expected answer, and the critical of the other', () => {
    const asked = question({
      expect: false,
      points_milli: 2500,
      critical: { effect: 'cap_audit', cap_micros: 600_000 },
    });
    expect(outcomes(asked, reader)).toEqual([
      { text: 'Yes', points: '0', critical: 'caps the audit at 60%' },
      { text: 'No', points: '2.5' },
    ]);
  });
  it('is told by bands in the question’s unit, or by change for a pair of faces', () => {
    const bands = [{ up_to: 120_000, points_milli: 6000 }, { points_milli: 0 }];
    expect(outcomes(question({ type: 'duration', bands }), reader)).toEqual([
      { text: 'Up to 2 min', points: '6' },
      { text: 'More than 2 min', points: '0' },
    ]);
    const faces = [{ up_to: -1, points_milli: 1000 }, { points_milli: 5000 }];
    expect(
      outcomes(question({ type: 'emotion', since: 'a', bands: faces }), reader).map((one) => one.text),
    ).toEqual(['Up to -1 faces', 'More than -1 faces']);
  });
  it('is not told where nothing can be earned', () => {
    const options = [
      { id: 'a', text: { en: 'A' }, points_milli: 0 },
      { id: 'none', text: { en: 'None' }, points_milli: 0, exclusive: true as const },
    ];
    expect(outcomes(question({ type: 'multi_choice', service_share: 0, options }), reader)).toEqual([
      { text: 'A' },
      { text: 'None', alone: true },
    ]);
  });
});

it('rules say what is not as usual', () => {
  const first = question({ id: 'seat', text: { en: 'Seated?' } });
  const asked = question({
    show_if: { question: 'seat', equals: true },
    required: false,
    trap: true,
    photo: { min: 0, max: 2 },
  });
  expect(rules(of(first, asked), asked, reader)).toEqual([
    'Asked only if “Seated?” is Yes.',
    'May be left open.',
    'Up to 2 photos may be added.',
    words.facts.trap,
  ]);
  expect(rules(of(first), first, reader)).toEqual([]);
});

describe('conditions', () => {
  const document = of(
    question({ id: 'a', text: { en: 'A?' } }),
    question({ id: 'b', type: 'duration', text: { en: 'B?' } }),
    question({ id: 'far', type: 'location_check', within_m: 250, text: { en: 'Far?' } }),
  );
  it('nest with brackets only where they are needed', () => {
    const both = {
      any: [
        { question: 'a', equals: false },
        { all: [{ question: 'b', at_least: 60_000 }, { not: { question: 'a', answered: true } }] },
      ],
    };
    expect(conditionInWords(document, both, reader)).toBe(
      '“A?” is No or (“B?” is at least 1 min and not: “A?” is answered)',
    );
  });
  it('name a distance without judging it, and an unknown question by its id', () => {
    expect(conditionInWords(document, { question: 'far', at_most: 500 }, reader)).toBe(
      '“Far?” is at most 500 m',
    );
    expect(conditionInWords(document, { question: 'gone', equals: 'x' }, reader)).toBe('“gone” is x');
  });
});
