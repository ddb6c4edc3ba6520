// Conditions: when a question is shown, must be answered, or wants a photo. Pure; data, not a language.
// The same rules stand in Rust in src/domain/checklist/conditions.rs.

import type { ChecklistDocument, Condition, Question, Scalar } from '../api/types';
import { given, isInteger, type Answers, type Given, type Value } from './given';

const NOTHING: Given = { is: 'nothing' };

/** The questions that are shown, each with what was answered. */
export class Shown {
  readonly #given = new Map<string, Given>();

  /**
   * Walks the questions in order: a question is shown when its condition holds over the *shown* questions before it.
   * The answer to a hidden question counts as not given.
   */
  constructor(document: ChecklistDocument, answers: Answers) {
    for (const section of document.sections) {
      for (const question of section.questions) {
        if (!question.show_if || this.holds(question.show_if)) {
          this.#given.set(question.id, given(question, answers[question.id]));
        }
      }
    }
  }

  has(question: string): boolean {
    return this.#given.has(question);
  }

  /** What was answered; nothing to a hidden question. */
  given(question: string): Given {
    return this.#given.get(question) ?? NOTHING;
  }

  holds(condition: Condition): boolean {
    if ('all' in condition) return condition.all.every((part) => this.holds(part));
    if ('any' in condition) return condition.any.some((part) => this.holds(part));
    if ('not' in condition) return !this.holds(condition.not);
    const answer = this.given(condition.question);
    if ('answered' in condition) {
      return condition.answered === (answer.is === 'value' || answer.is === 'photos');
    }
    // Without a value every comparison is false, `not_equals` too: nothing appears because of what was not said.
    if (answer.is !== 'value') return false;
    const { value } = answer;
    if ('equals' in condition) return same(condition.equals, value);
    if ('not_equals' in condition) return !same(condition.not_equals, value);
    if ('one_of' in condition) return condition.one_of.some((scalar) => same(scalar, value));
    if ('contains' in condition) return Array.isArray(value) && value.includes(condition.contains);
    if ('at_least' in condition) return isInteger(value) && value >= condition.at_least;
    return isInteger(value) && value <= condition.at_most;
  }

  /** Whether the question has to be answered now; never while it is hidden. */
  requires(question: Question): boolean {
    if (!this.has(question.id)) return false;
    return question.required_if ? this.holds(question.required_if) : question.required;
  }

  /** How many photos the question wants now: `min` only counts while its condition holds. */
  photosMin(question: Question): number {
    const rule = question.photo;
    if (!rule || !this.has(question.id)) return 0;
    return !rule.if || this.holds(rule.if) ? rule.min : 0;
  }
}

/** Equal in type and value, as JSON has them. */
function same(scalar: Scalar, value: Value): boolean {
  return scalar === value;
}
