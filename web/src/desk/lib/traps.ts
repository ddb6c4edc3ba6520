// Right answers to trap questions, as the form of a campaign holds them: a value per question, everywhere or at one location.
// Pure. Numbers are integers of the canonical JSON: thousandths, minor units.
import type { TrapKey, TrapValue } from '../../api/desk';
import type { ChecklistDocument, Question } from '../../api/types';
import { decimalMark, formatDecimal, parseDecimal } from '../../domain/numbers';
import { minorDigits } from '../../ui/format';

/** Trap questions of all versions of a campaign; where a later one asks it too, as that one asks it. */
export function trapQuestions(versions: readonly ChecklistDocument[]): Question[] {
  const found = new Map<string, Question>();
  for (const version of versions)
    for (const section of version.sections)
      for (const question of section.questions) if (question.trap) found.set(question.id, question);
  return [...found.values()];
}

/** Sets, or with undefined takes away, the right answer at a place. */
export function withKey(
  keys: readonly TrapKey[],
  question: string,
  location: string | undefined,
  answer: TrapValue | undefined,
): TrapKey[] {
  const same = (key: TrapKey) => key.question === question && (key.location ?? undefined) === location;
  if (answer === undefined) return keys.filter((key) => !same(key));
  const key: TrapKey = { question, answer, ...(location === undefined ? {} : { location }) };
  return keys.some(same) ? keys.map((old) => (same(old) ? key : old)) : [...keys, key];
}

export function keyAt(keys: readonly TrapKey[], question: string, location?: string): TrapKey | undefined {
  return keys.find((key) => key.question === question && (key.location ?? undefined) === location);
}

/** Keys that no version asks for any more: the server would refuse them. */
export function known(keys: readonly TrapKey[], questions: readonly Question[]): TrapKey[] {
  return keys.filter((key) => questions.some((question) => question.id === key.question));
}

/** How many decimals one types of an answer that is a number; undefined where it is none. */
export function decimalsOf(question: Question): number | undefined {
  switch (question.type) {
    case 'number':
      return 3;
    case 'count':
      return 0;
    case 'money':
      return minorDigits(question.currency ?? 'EUR');
    default:
      return undefined;
  }
}

export function numberTyped(question: Question, typed: string): number | null {
  return parseDecimal(typed, decimalsOf(question) ?? 0);
}

export function numberShown(question: Question, value: number, locale: string): string {
  return formatDecimal(value, decimalsOf(question) ?? 0, decimalMark(locale), question.type !== 'money');
}
