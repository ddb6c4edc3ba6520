// A checklist's condition in words: “Did you sit outside?” is Yes, and not: … . Pure; the words are arguments.
import type { ChecklistDocument, Condition, Question, Scalar, Text } from '../../api/types';
import { answerInWords, type AnswerWords } from './answers';

export interface ConditionWords {
  is: (question: string, value: string) => string;
  isNot: (question: string, value: string) => string;
  contains: (question: string, value: string) => string;
  atLeast: (question: string, value: string) => string;
  atMost: (question: string, value: string) => string;
  answered: (question: string) => string;
  notAnswered: (question: string) => string;
  not: (condition: string) => string;
  and: string;
  or: string;
}

export interface Reader {
  locale: string;
  say: (text: Text) => string;
  answers: AnswerWords;
  conditions: ConditionWords;
}

export function conditionInWords(document: ChecklistDocument, condition: Condition, reader: Reader): string {
  const questions = document.sections.flatMap((section) => section.questions);
  const words = reader.conditions;
  const value = (question: Question | undefined, scalar: Scalar) =>
    question ? oneValue(question, scalar, reader) : String(scalar);
  const tell = (part: Condition): string => {
    if ('all' in part) return joined(part.all, words.and);
    if ('any' in part) return joined(part.any, words.or);
    if ('not' in part) return words.not(bracketed(part.not));
    const question = questions.find((known) => known.id === part.question);
    const asked = question ? reader.say(question.text) : part.question;
    if ('equals' in part) return words.is(asked, value(question, part.equals));
    if ('not_equals' in part) return words.isNot(asked, value(question, part.not_equals));
    if ('one_of' in part)
      return words.is(asked, part.one_of.map((one) => value(question, one)).join(` ${words.or} `));
    if ('contains' in part) return words.contains(asked, value(question, part.contains));
    if ('at_least' in part) return words.atLeast(asked, value(question, part.at_least));
    if ('at_most' in part) return words.atMost(asked, value(question, part.at_most));
    return part.answered ? words.answered(asked) : words.notAnswered(asked);
  };
  const bracketed = (part: Condition) =>
    ('all' in part && part.all.length > 1) || ('any' in part && part.any.length > 1)
      ? `(${tell(part)})`
      : tell(part);
  const joined = (parts: readonly Condition[], by: string) =>
    parts.length === 1 ? tell(parts[0]!) : parts.map(bracketed).join(` ${by} `);
  return tell(condition);
}

/** A value that a condition, a band or a trap names, as an answer to its question reads. */
export function oneValue(
  question: Question,
  value: Scalar | string[],
  reader: Omit<Reader, 'conditions'>,
): string {
  // A limit is not itself near or far.
  const { within_m: _, ...asked } = question;
  const answer =
    question.type === 'multi_choice' && typeof value === 'string' ? { value: [value] } : { value };
  return answerInWords(asked, answer, reader.locale, reader.say, reader.answers);
}
