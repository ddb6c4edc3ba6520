// How an answer is read against its question. Pure. Not here: whether it may be handed in (check.ts) and what it
// earns (scoring/). The same rules stand in Rust in src/domain/answer.rs.

import type { Answer, Question } from '../api/types';

export type Answers = Readonly<Record<string, Answer>>;
export type Value = NonNullable<Answer['value']>;

/** No two places on Earth are further apart: half its circumference, in metres, rounded up. */
export const DISTANCE_M_MAX = 20_040_000;

/** What an answer amounts to for its question. */
export type Given =
  | { is: 'nothing' } // no answer, or one that the question cannot have
  | { is: 'not_applicable' }
  | { is: 'value'; value: Value }
  | { is: 'photos'; count: number }; // at least 1; only for photo questions

const NOTHING: Given = { is: 'nothing' };

/**
 * A value of the wrong type, an option or step that the question does not have, a text of blanks, an exclusive option
 * beside others, and 'not applicable' where it is not allowed are nothing; bounds such as `minimum` are not looked at. An
 * empty list of choices is an answer: none of these.
 */
export function given(question: Question, answer: Answer | undefined): Given {
  if (!answer) return NOTHING;
  if (answer.not_applicable) {
    return question.not_applicable === 'not_allowed' ? NOTHING : { is: 'not_applicable' };
  }
  if (question.type === 'photo') {
    const count = answer.photos?.length ?? 0;
    return count === 0 ? NOTHING : { is: 'photos', count };
  }
  const { value } = answer;
  return value !== undefined && value !== null && fits(question, value) ? { is: 'value', value } : NOTHING;
}

/** Nothing but white space as Unicode has it, and the server; String.trim differs in two characters. */
export function isBlank(text: string): boolean {
  return !/\P{White_Space}/u.test(text);
}

export function isInteger(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value);
}

function fits(question: Question, value: Value): boolean {
  switch (question.type) {
    case 'yes_no':
      return typeof value === 'boolean';
    case 'choice':
      return typeof value === 'string' && hasOption(question, value);
    case 'multi_choice':
      return (
        Array.isArray(value) &&
        value.every((id) => hasOption(question, id)) &&
        new Set(value).size === value.length &&
        (value.length < 2 ||
          !question.options?.some((option) => option.exclusive && value.includes(option.id)))
      );
    case 'scale':
      return isInteger(value) && value >= 1 && value <= (question.steps?.length ?? 0);
    case 'emotion':
      return isInteger(value) && value >= 1 && value <= 5;
    case 'recommend':
      return isInteger(value) && value >= 0 && value <= 10;
    case 'location_check':
      return isInteger(value) && value >= 0 && value <= DISTANCE_M_MAX;
    case 'number':
    case 'duration':
    case 'money':
    case 'count':
      return isInteger(value);
    case 'text':
    case 'date':
    case 'time':
      return typeof value === 'string' && !isBlank(value);
    case 'photo':
    case 'heading':
      return false;
  }
}

function hasOption(question: Question, id: string): boolean {
  return question.options?.some((option) => option.id === id) ?? false;
}
