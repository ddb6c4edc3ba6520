// Points of a single question: what could be earned, and what an answer earns. Thousandths of a point, as integers.
// Only a change since an earlier face looks at another answer. Pure. Not here: whether the question counts at all in this audit (score.ts). In Rust: src/domain/scoring/points.rs.

import type { Band, Option, Question } from '../../api/types';
import type { Shown } from '../conditions';
import { isInteger, type Given, type Value } from '../given';

/** Metres that count as 'there' where a checklist does not say. */
const WITHIN_M_DEFAULT = 250;

/** How a question earns. */
type Plan =
  | { how: 'expected'; expect: boolean; points: number } // all or nothing: the expected yes or no
  | { how: 'within_tolerance'; points: number } // all or nothing: the amount is within tolerance
  | { how: 'photos'; at_least: number; points: number } // all or nothing: enough photos
  | { how: 'options'; cap: number | undefined } // the points of the chosen options together, up to the cap
  | { how: 'steps'; points: number[] } // the points of the step, counted from 1
  | { how: 'within'; within_m: number; points: number } // all or nothing: near enough to the location
  // the points of the first band that reaches up to the value; of a face with an earlier one, up to the change
  | { how: 'bands'; bands: Band[] }
  | { how: 'proportional'; first: number; last: number; points: number }; // points · (value − first) / (last − first)

/** Null for a question that cannot earn: its type never does, it has no dimension, or nothing in it gives points. */
function plan(question: Question): Plan | null {
  if (question.service_share + question.experience_share === 0) return null;
  const points = question.points_milli;
  const bands: Plan | null = question.bands ? { how: 'bands', bands: question.bands } : null;
  const steps: Plan | null = question.steps
    ? { how: 'steps', points: question.steps.map((step) => step.points_milli) }
    : null;
  const pointed = (make: (points: number) => Plan): Plan | null =>
    points === undefined ? null : make(points);
  switch (question.type) {
    case 'yes_no':
      return pointed((points) => ({ how: 'expected', expect: question.expect ?? true, points }));
    case 'choice':
      return { how: 'options', cap: undefined };
    case 'multi_choice':
      return { how: 'options', cap: question.max_points_milli };
    case 'scale':
      return steps;
    case 'emotion':
      return bands ?? steps ?? pointed((points) => ({ how: 'proportional', first: 1, last: 5, points }));
    case 'recommend':
      return bands ?? pointed((points) => ({ how: 'proportional', first: 0, last: 10, points }));
    case 'number':
    case 'duration':
    case 'count':
      return bands;
    case 'money':
      if (bands) return bands;
      return question.expected_minor === undefined
        ? null
        : pointed((points) => ({ how: 'within_tolerance', points }));
    case 'location_check':
      return (
        bands ??
        pointed((points) => ({ how: 'within', within_m: question.within_m ?? WITHIN_M_DEFAULT, points }))
      );
    case 'photo':
      return pointed((points) => ({
        how: 'photos',
        at_least: Math.max(question.photo?.min ?? 1, 1),
        points,
      }));
    case 'text':
    case 'date':
    case 'time':
    case 'heading':
      return null;
  }
}

/** The most that an answer can earn, never negative; null for a question that cannot earn. */
export function possible(question: Question): number | null {
  const how = plan(question);
  if (!how) return null;
  const options = (question.options ?? []).map((option) => option.points_milli);
  switch (how.how) {
    case 'expected':
    case 'within_tolerance':
    case 'photos':
    case 'within':
    case 'proportional':
      return how.points;
    case 'options': {
      if (question.type === 'choice') return best(options);
      const sum = total(options.filter((points) => points > 0));
      return how.cap === undefined ? sum : Math.min(sum, how.cap);
    }
    case 'steps':
      return best(how.points);
    case 'bands':
      return best(how.bands.map((band) => band.points_milli));
  }
}

/** What the answer earns; 0 for one that does not fit the question's plan. */
export function earned(question: Question, answer: Given, shown: Shown): number {
  const how = plan(question);
  if (!how) return 0;
  if (how.how === 'photos') return answer.is === 'photos' && answer.count >= how.at_least ? how.points : 0;
  if (answer.is !== 'value') return 0;
  const { value } = answer;
  switch (how.how) {
    case 'expected':
      return value === how.expect ? how.points : 0;
    case 'options': {
      const sum = total(chosen(question, value).map((option) => option.points_milli));
      return how.cap === undefined ? sum : Math.min(sum, how.cap);
    }
    case 'within_tolerance':
      return isInteger(value) && withinTolerance(question, value) ? how.points : 0;
    case 'within':
      return isInteger(value) && value <= how.within_m ? how.points : 0;
    case 'steps':
      return isInteger(value) ? (how.points[value - 1] ?? 0) : 0;
    case 'bands': {
      if (!isInteger(value)) return 0;
      const measured = value - (earlier(question, shown) ?? 0);
      return how.bands.find((band) => band.up_to === undefined || measured <= band.up_to)?.points_milli ?? 0;
    }
    case 'proportional':
      if (!isInteger(value)) return 0;
      return Number(roundDiv(BigInt(how.points) * BigInt(value - how.first), BigInt(how.last - how.first)));
  }
}

/** The face that this one is compared with, where that was answered. */
export function earlier(question: Question, shown: Shown): number | null {
  if (question.since === undefined) return null;
  const answer = shown.given(question.since);
  return answer.is === 'value' && isInteger(answer.value) ? answer.value : null;
}

/** Whether the points are for a change, and there is nothing to see a change from. */
export function lacksItsPair(question: Question, shown: Shown): boolean {
  return question.since !== undefined && question.bands !== undefined && earlier(question, shown) === null;
}

/** |amount − expected| ≤ tolerance; without an expected amount nothing is. */
export function withinTolerance(question: Question, amount: number): boolean {
  if (question.expected_minor === undefined) return false;
  return Math.abs(amount - question.expected_minor) <= Math.abs(question.tolerance_minor ?? 0);
}

/** The options that a value names. */
export function chosen(question: Question, value: Value): Option[] {
  const ids = typeof value === 'string' ? [value] : Array.isArray(value) ? value : [];
  return (question.options ?? []).filter((option) => ids.includes(option.id));
}

/** a / b rounded half away from zero; b is positive. */
export function roundDiv(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  const remainder = a % b;
  const magnitude = remainder < 0n ? -remainder : remainder;
  if (magnitude * 2n < b) return quotient;
  return quotient + (a < 0n ? -1n : 1n);
}

function best(points: number[]): number {
  return Math.max(0, ...points);
}

function total(points: number[]): number {
  return points.reduce((sum, each) => sum + each, 0);
}
