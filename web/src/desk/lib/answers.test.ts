// Each kind of answer reads as a person would say it.
import { describe, expect, it } from 'vitest';
import type { Question, Text } from '../../api/types';
import { answerInWords, type AnswerWords } from './answers';

const words: AnswerWords = {
  yes: 'Yes',
  no: 'No',
  notApplicable: 'Not applicable',
  noAnswer: 'No answer',
  photos: (n) => `${n} photos`,
  step: (value, of) => `${value} of ${of}`,
  moods: ['Very bad', 'Bad', 'Neutral', 'Good', 'Very good'],
  within: (distance) => `within ${distance}`,
  beyond: (distance) => `more than ${distance}`,
};
function question(change: Partial<Question>): Question {
  return {
    id: 'q',
    type: 'yes_no',
    text: { en: 'Q' },
    service_share: 100,
    experience_share: 0,
    required: true,
    not_applicable: 'exclude',
    bonus: false,
    timer: false,
    ...change,
  };
}
const say = (text: Text) => text['en'] ?? Object.values(text)[0] ?? '';
const inWords = (change: Partial<Question>, value: unknown) =>
  answerInWords(question(change), { value: value as never }, 'en', say, words);

describe('answers', () => {
  it('of choice speak the option’s text, in a language that exists', () => {
    const options = [{ id: 'fixed', text: { nl: 'Opgelost' }, points_milli: 1 }];
    expect(inWords({ type: 'choice', options }, 'fixed')).toBe('Opgelost');
    expect(inWords({ type: 'choice', options }, 'unknown')).toBe('unknown');
    expect(inWords({ type: 'multi_choice', options }, ['fixed', 'other'])).toBe('Opgelost, other');
  });
  it('of steps name the step and the scale', () => {
    const steps = [
      { text: { en: 'Poor' }, points_milli: 0 },
      { text: { en: 'Good' }, points_milli: 1 },
    ];
    expect(inWords({ type: 'scale', steps }, 2)).toBe('Good (2 of 2)');
    expect(inWords({ type: 'emotion' }, 4)).toBe('Good (4 of 5)');
    expect(inWords({ type: 'recommend' }, 9)).toBe('9 of 10');
  });
  it('with units keep them', () => {
    expect(inWords({ type: 'number', unit: { en: '°C' } }, 21_500)).toBe('21.5 °C');
    expect(inWords({ type: 'duration' }, 150_000)).toBe('2 min 30 s');
    expect(inWords({ type: 'money', currency: 'EUR' }, 2350)).toBe('€23.50');
    expect(inWords({ type: 'location_check' }, 111)).toBe('111 m');
  });
  it('of place say how sure the phone was and whether that is there', () => {
    const at = (value: number, accuracy_m?: number) =>
      answerInWords(
        question({ type: 'location_check', within_m: 250 }),
        accuracy_m === undefined ? { value } : { value, accuracy_m },
        'en',
        say,
        words,
      );
    expect(at(40, 15)).toBe('40 m, ± 15 m (within 250 m)');
    expect(at(250)).toBe('250 m (within 250 m)');
    expect(at(251, 8)).toBe('251 m, ± 8 m (more than 250 m)');
  });
  it('of a pair of faces stand side by side', () => {
    const before = question({ id: 'before', type: 'emotion' });
    const after = question({ type: 'emotion', since: 'before' });
    const pair = (first: { value: number } | undefined) =>
      answerInWords(after, { value: 4 }, 'en', say, words, { question: before, answer: first });
    expect(pair({ value: 2 })).toBe('Bad → Good');
    expect(pair(undefined)).toBe('Good (4 of 5)');
  });
  it('that are none are told apart', () => {
    expect(answerInWords(question({}), undefined, 'en', say, words)).toBe('No answer');
    expect(answerInWords(question({}), { not_applicable: true }, 'en', say, words)).toBe('Not applicable');
    expect(answerInWords(question({ type: 'photo' }), { photos: ['a', 'b'] }, 'en', say, words)).toBe(
      '2 photos',
    );
    expect(inWords({}, false)).toBe('No');
  });
});
