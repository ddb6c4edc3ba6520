// What a version says of one question beside its words: what can be answered and earned, and the rules around it. For reading,
// not for scoring.
import type { Band, ChecklistDocument, Critical, Question } from '../../api/types';
import { milli, money, percent } from '../../ui/format';
import { conditionInWords, oneValue, type Reader } from './conditionWords';

export interface FactWords {
  upTo: (value: string) => string;
  above: (value: string) => string;
  any: string;
  best: string;
  expected: (amount: string, tolerance: string) => string;
  otherwise: string;
  inReach: (distance: string) => string;
  there: (distance: string) => string;
  change: (steps: string) => string;
  critical: Record<Critical['effect'], string>;
  capped: (at: string) => string;
  optional: string;
  requiredIf: (condition: string) => string;
  shownIf: (condition: string) => string;
  na: Record<Question['not_applicable'], string>;
  bonus: string;
  recovery: string;
  trap: string;
  since: (question: string) => string;
  photos: (min: number, max: number) => string;
  photosIf: (condition: string) => string;
  between: (from: string, to: string) => string;
  atLeast: (value: string) => string;
  atMost: (value: string) => string;
  words: (least: number) => string;
  maxPoints: (points: string) => string;
}
export interface FactReader extends Reader {
  facts: FactWords;
}

/** One thing that can be answered, and what it earns; undefined where the answer earns nothing by itself. */
export interface Outcome {
  text: string;
  points?: string;
  critical?: string;
  alone?: boolean;
}

export function outcomes(question: Question, reader: FactReader): Outcome[] {
  const { facts, answers, say, locale } = reader;
  const points = (value_milli: number) => (scored(question) ? { points: milli(value_milli, locale) } : {});
  const critical = (of: Critical | undefined) => (of ? { critical: effect(of, reader) } : {});
  if (question.options)
    return question.options.map((option) => ({
      text: say(option.text),
      ...points(option.points_milli),
      ...critical(option.critical),
      ...(option.exclusive ? { alone: true } : {}),
    }));
  if (question.bands) return bands(question, question.bands, reader);
  if (question.steps)
    return question.steps.map((step) => ({ text: say(step.text), ...points(step.points_milli) }));
  if (question.points_milli === undefined) return [];
  const full = points(question.points_milli);
  switch (question.type) {
    case 'yes_no': {
      const expected = question.expect !== false;
      return [true, false].map((answer) => ({
        text: answer ? answers.yes : answers.no,
        ...(answer === expected ? full : { ...points(0), ...critical(question.critical) }),
      }));
    }
    case 'money': {
      const amount = (minor: number | undefined) => money(minor ?? 0, question.currency ?? 'EUR', locale);
      return [
        { text: facts.expected(amount(question.expected_minor), amount(question.tolerance_minor)), ...full },
        { text: facts.otherwise, ...points(0), ...critical(question.critical) },
      ];
    }
    case 'location_check':
      return [
        { text: facts.inReach(oneValue(question, question.within_m ?? 0, reader)), ...full },
        { text: facts.otherwise, ...points(0) },
      ];
    default:
      return [{ text: facts.best, ...full }];
  }
}

function bands(question: Question, all: readonly Band[], reader: FactReader): Outcome[] {
  const { facts, locale } = reader;
  const limit = (value: number) =>
    question.since
      ? facts.change(new Intl.NumberFormat(locale, { signDisplay: 'exceptZero' }).format(value))
      : oneValue(question, value, reader);
  return all.map((band, at) => {
    const below = all[at - 1]?.up_to;
    const text =
      band.up_to !== undefined
        ? facts.upTo(limit(band.up_to))
        : below === undefined
          ? facts.any
          : facts.above(limit(below));
    return { text, ...(scored(question) ? { points: milli(band.points_milli, locale) } : {}) };
  });
}

/** The rules around a question, a sentence each; what is as usual is not said. */
export function rules(document: ChecklistDocument, question: Question, reader: FactReader): string[] {
  const { facts } = reader;
  const condition = (of: NonNullable<Question['show_if']>) => conditionInWords(document, of, reader);
  const told: string[] = [];
  if (question.show_if) told.push(facts.shownIf(condition(question.show_if)));
  if (question.required_if) told.push(facts.requiredIf(condition(question.required_if)));
  else if (!question.required && question.type !== 'heading') told.push(facts.optional);
  told.push(...limits(question, reader));
  if (question.photo) {
    const { min, max } = question.photo;
    const photos = facts.photos(min, max);
    const when = question.photo.if ? ` ${facts.photosIf(condition(question.photo.if))}` : '';
    told.push(`${photos}${when}`);
  }
  if (question.since) {
    const since = document.sections.flatMap((s) => s.questions).find((q) => q.id === question.since);
    told.push(facts.since(since ? reader.say(since.text) : question.since));
  }
  if (question.not_applicable !== 'not_allowed' && question.type !== 'heading')
    told.push(facts.na[question.not_applicable]);
  if (question.bonus) told.push(facts.bonus);
  if (question.recovery) told.push(facts.recovery);
  if (question.trap) told.push(facts.trap);
  if (question.max_points_milli !== undefined)
    told.push(facts.maxPoints(milli(question.max_points_milli, reader.locale)));
  return told;
}

function limits(question: Question, reader: FactReader): string[] {
  const { facts } = reader;
  const { minimum, maximum, words_min } = question;
  const value = (limit: number) => oneValue(question, limit, reader);
  const told: string[] = [];
  if (minimum !== undefined && maximum !== undefined)
    told.push(facts.between(value(minimum), value(maximum)));
  else if (minimum !== undefined) told.push(facts.atLeast(value(minimum)));
  else if (maximum !== undefined) told.push(facts.atMost(value(maximum)));
  if (question.within_m !== undefined) told.push(facts.there(value(question.within_m)));
  if (words_min) told.push(facts.words(words_min));
  return told;
}

function effect(critical: Critical, reader: FactReader): string {
  const { facts } = reader;
  return critical.effect === 'cap_audit' && critical.cap_micros !== undefined
    ? facts.capped(percent(critical.cap_micros, reader.locale, 0))
    : facts.critical[critical.effect];
}

function scored(question: Question): boolean {
  return question.service_share > 0 || question.experience_share > 0;
}
