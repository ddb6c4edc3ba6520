// What came with format 2: languages that fall back, distances, options that stand alone, lengths of time, what is sent.

import { describe, expect, it } from 'vitest';
import type { Answer, ChecklistDocument, Question } from '../api/types';
import { auditDocument } from './audit';
import { toggled } from './choices';
import { distanceM } from './distance';
import { isKnown, MustUpdate } from './format';
import { baseOf, reading, spoken } from './language';
import { parseLength } from './lengths';
import { score } from './scoring/score';

function question(id: string, type: Question['type'], more: Partial<Question> = {}): Question {
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
    format: 2,
    checklist: 'test',
    version: 1,
    languages: ['en'],
    title: { en: 'Test' },
    industry: 'test',
    scoring: { not_applicable: 'exclude', unanswered_optional: 'exclude', bonus_cap: true },
    sections: [{ id: 'one', title: { en: 'One' }, weight: 1, questions }],
  };
}

describe('the format of a checklist', () => {
  it('is known or refused', () => {
    expect([1, 2, 3, 0].map((format) => isKnown({ format }))).toEqual([true, true, false, false]);
    const later = { ...checklist(), format: 3 } as unknown as ChecklistDocument;
    expect(() => score(later, {})).toThrow(MustUpdate);
  });
});

describe('the language of a text', () => {
  const text = { en: 'Colour', nl: 'Kleur', 'nl-BE': 'Verf', de: 'Farbe' };
  it.each([
    ['nl-BE', 'Verf', 'nl-BE'],
    ['nl-be', 'Verf', 'nl-BE'],
    ['nl-NL', 'Kleur', 'nl'],
    ['de-AT', 'Farbe', 'de'],
    ['fr', 'Colour', 'en'],
  ])('for %s is %s', (wanted, words, tag) => {
    expect(spoken(text, wanted, 'en')).toEqual({ text: words, tag });
  });
  it('is whatever there is when not even the first is there', () => {
    expect(spoken({ de: 'Farbe' }, 'nl', 'en')).toEqual({ text: 'Farbe', tag: 'de' });
    expect(spoken({}, 'nl', 'en').text).toBe('');
    expect(baseOf('zh-Hant-TW')).toBe('zh');
  });
  it('is told beforehand', () => {
    const both = { languages: ['en', 'nl'], partial_languages: ['de'] };
    expect(reading(both, 'nl-BE')).toEqual({ whole: true });
    expect(reading(both, 'de')).toEqual({ whole: false, none: false, other: 'en' });
    expect(reading(both, 'fr')).toEqual({ whole: false, none: true, other: 'en' });
    expect(reading({ languages: ['en-GB'] }, 'en-US')).toEqual({ whole: true });
  });
});

describe('the distance of two places', () => {
  const at = (latitude: number, longitude: number) => ({ latitude, longitude });
  // A degree of a great circle is 6 371 008.8 m · π / 180 = 111 195.08 m.
  it.each([
    ['none', at(52.37, 4.89), at(52.37, 4.89), 0],
    ['a degree north', at(0, 0), at(1, 0), 111_195],
    ['a degree along the equator', at(0, -0.5), at(0, 0.5), 111_195],
    ['a degree along 60° north is little more than half of that', at(60, 4), at(60, 5), 55_597],
    ['a quarter of the way round', at(0, 0), at(90, 0), 10_007_557],
    ['to the other side', at(0, 0), at(0, 180), 20_015_114],
    ['across the date line', at(0, 179.5), at(0, -179.5), 111_195],
    ['a thousandth of a degree', at(0, 0), at(0.001, 0), 111],
  ])('%s', (_name, from, to, metres) => {
    expect(distanceM(from, to)).toBe(metres);
    expect(distanceM(to, from)).toBe(metres);
  });
});

describe('options that stand alone', () => {
  const option = (id: string, exclusive?: true) => ({
    id,
    text: { en: id },
    points_milli: 0,
    ...(exclusive ? { exclusive } : {}),
  });
  const offered = question('offered', 'multi_choice', {
    options: [option('menu'), option('water'), option('nothing'), option('unseen', true)],
  });
  it('take the others back, and are taken back by them', () => {
    expect(toggled(offered, ['menu', 'water'], 'unseen', true)).toEqual(['unseen']);
    expect(toggled(offered, ['unseen'], 'water', true)).toEqual(['water']);
    expect(toggled(offered, ['unseen'], 'unseen', false)).toEqual([]);
  });
  it('are those that the checklist names', () => {
    expect(toggled(offered, ['menu'], 'nothing', true)).toEqual(['menu', 'nothing']);
  });
  it('in an older checklist are known by their ids', () => {
    const older = { ...offered, options: [option('menu'), option('water'), option('nothing')] };
    expect(toggled(older, ['menu', 'water'], 'nothing', true)).toEqual(['nothing']);
    expect(toggled(older, ['nothing'], 'menu', true)).toEqual(['menu']);
  });
  it('leave the order to the checklist', () => {
    expect(toggled(offered, ['water'], 'menu', true)).toEqual(['menu', 'water']);
  });
});

describe('a typed length of time', () => {
  it.each([
    ['', '', null],
    ['1', '30', 90_000],
    ['', '40', 40_000],
    ['2', '', 120_000],
    ['', '90', 90_000],
    ['1:30', '', 90_000],
    ['1:02:05', '', 3_725_000],
    ['0:05', '00', 5_000],
    ['100:00', '', 6_000_000],
    [' 3 ', ' 5 ', 185_000],
    ['0', '0', 0],
  ])('%j min %j s', (minutes, seconds, value_ms) => expect(parseLength(minutes, seconds)).toBe(value_ms));
  it.each([
    ['one', ''],
    ['1.5', ''],
    ['-1', ''],
    ['1:75', ''],
    ['1:30', '5'],
    ['', '1:30'],
    ['6001', ''],
    [':30', ''],
  ])('%j min %j s is none', (minutes, seconds) => expect(parseLength(minutes, seconds)).toBe('wrong'));
});

describe('what is sent', () => {
  const filled = (answers: Record<string, Answer>) => ({
    audit: 'a',
    visit: 'v',
    checklist_sha256: 'c',
    started_at: 's',
    finished_at: 'f',
    elapsed_ms: 1,
    language: 'en',
    photos: {},
    app_version: 'test',
    answers,
  });
  const here = question('here', 'location_check', { within_m: 200 });

  it('how sure the phone was goes with the distance, and with nothing else', () => {
    const sent = (answer: Answer) => auditDocument(checklist(here), filled({ here: answer })).answers['here'];
    expect(sent({ value: 40, accuracy_m: 15 })).toEqual({ value: 40, accuracy_m: 15 });
    expect(sent({ value: 40, accuracy_m: 15, not_applicable: true })).toEqual({ not_applicable: true });
    expect(sent({ accuracy_m: 15 })).toBeUndefined();
  });

  it('the recovery score, where there is one to be had', () => {
    const solved = question('solved', 'yes_no', { points_milli: 4000, service_share: 100 });
    const scored = (...questions: Question[]) =>
      auditDocument(checklist(...questions), filled({ solved: { value: true } })).score;
    expect(scored({ ...solved, recovery: true })).toMatchObject({ recovery_micros: 1_000_000 });
    expect('recovery_micros' in scored(solved)).toBe(false);
  });
});
