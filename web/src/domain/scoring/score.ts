// Scoring: answers and a checklist version make a score and a trace. Integers only, one rounding rule. Pure.
// The server has the same in Rust (src/domain/scoring/); tests/golden/scoring holds the cases that both run, and
// docs/scoring.md the rules in words.

import type { ChecklistDocument, Critical, Question, Score, Section, Why } from '../../api/types';
import { Shown } from '../conditions';
import type { Answers, Given } from '../given';
import { refuseUnknown } from '../format';
import { chosen, earned, lacksItsPair, possible, roundDiv, withinTolerance } from './points';

/** Raised whenever the same answers to the same version could score differently than before. */
export const ENGINE = 1;

const ONE = 1_000_000n;

/** The scores that everything is counted for, with the percent of a question's points that count in each. */
const sides = {
  total: () => 100,
  service: (question: Question) => question.service_share,
  experience: (question: Question) => question.experience_share,
  recovery: (question: Question) => (question.recovery ? 100 : 0),
};
type Side = keyof typeof sides;

type Line = Score['trace'][number];
type Touched = { question: Question; critical: Critical };

/** A section with everything that its questions came to. */
interface Counted {
  section: Section;
  trace: Line[];
  /** Criticals that were touched off. */
  criticals: Touched[];
  /** The section's score, not yet clamped from above where bonus points may lift it; null when nothing was possible. */
  micros: Record<Side, bigint | null>;
}

/**
 * Scores whatever has been answered so far. Answers to questions that are hidden or not in the checklist do not matter,
 * and required answers may be missing: then the score is provisional. Throws MustUpdate for a format that is not known.
 */
export function score(document: ChecklistDocument, answers: Answers): Score {
  refuseUnknown(document);
  const shown = new Shown(document, answers);
  const sections = document.sections.map((section) => count(document, section, shown));
  const trace = sections.flatMap((section) => section.trace);
  const criticals = sections.flatMap((section) => section.criticals);
  const total = overall(sections, criticals, 'total');
  const service = overall(sections, criticals, 'service');
  const experience = overall(sections, criticals, 'experience');
  const failed =
    trace.some((line) => line.why === 'na_fail') ||
    criticals.some(({ critical }) => critical.effect === 'fail_audit');
  const mark = document.scoring.pass_mark_micros;
  return {
    engine: ENGINE,
    total_micros: total,
    service_micros: service,
    experience_micros: experience,
    balanced_micros: service !== null && experience !== null ? Math.min(service, experience) : null,
    ...(hasRecovery(document) ? { recovery_micros: overall(sections, criticals, 'recovery') } : {}),
    failed,
    passed: mark !== undefined && total !== null ? !failed && total >= mark : null,
    sections: sections.map(({ section, criticals, micros }) => ({
      id: section.id,
      micros: published(micros.total),
      service_micros: published(micros.service),
      experience_micros: published(micros.experience),
      failed: criticals.some(({ critical }) => critical.effect === 'fail_section'),
    })),
    trace,
  };
}

/** Whether there is a recovery score to be had. */
function hasRecovery(document: ChecklistDocument): boolean {
  return document.sections.some((section) => section.questions.some((question) => question.recovery));
}

function count(document: ChecklistDocument, section: Section, shown: Shown): Counted {
  const trace = section.questions.map((question) => line(document, question, shown));
  const criticals = section.questions.flatMap((question) => touchedOff(question, shown.given(question.id)));
  const micros = (side: Side): bigint | null => {
    const share = sides[side];
    const sum = (points: 'earned_milli' | 'possible_milli') =>
      section.questions.reduce(
        (sum, question, at) => sum + BigInt(trace[at]![points]) * BigInt(share(question)),
        0n,
      );
    const possible = sum('possible_milli');
    if (possible === 0n) return null;
    const zeroed = criticals.some(
      ({ question, critical }) => critical.effect === 'zero_section' && share(question) > 0,
    );
    const reached = zeroed ? 0n : roundDiv(sum('earned_milli') * ONE, possible);
    return clamp(reached, document.scoring.bonus_cap ? ONE : null);
  };
  return {
    section,
    trace,
    criticals,
    micros: {
      total: micros('total'),
      service: micros('service'),
      experience: micros('experience'),
      recovery: micros('recovery'),
    },
  };
}

/** Why a question counts as it does; the order of the questions asked here is part of the rules. */
function line(document: ChecklistDocument, question: Question, shown: Shown): Line {
  const because = (why: Why, earned_milli = 0, possible_milli = 0): Line => ({
    question: question.id,
    earned_milli,
    possible_milli,
    why,
  });
  if (!shown.has(question.id)) return because('hidden');
  const most = possible(question);
  if (most === null) return because('not_scored');
  const possible_milli = question.bonus ? 0 : most;
  const answer = shown.given(question.id);
  switch (answer.is) {
    case 'not_applicable':
      return notApplicable(question, possible_milli);
    case 'nothing':
      return document.scoring.unanswered_optional === 'zero' && !shown.requires(question)
        ? because('unanswered_zero', 0, possible_milli)
        : because('unanswered');
    case 'value':
    case 'photos':
      if (lacksItsPair(question, shown)) return because('unanswered');
      return because(question.bonus ? 'bonus' : 'scored', earned(question, answer, shown), possible_milli);
  }
}

function notApplicable({ id: question, not_applicable }: Question, possible_milli: number): Line {
  switch (not_applicable) {
    case 'pass':
      return { question, earned_milli: possible_milli, possible_milli, why: 'na_pass' };
    case 'zero':
      return { question, earned_milli: 0, possible_milli, why: 'na_zero' };
    case 'fail':
      return { question, earned_milli: 0, possible_milli, why: 'na_fail' };
    case 'exclude':
    case 'not_allowed':
      return { question, earned_milli: 0, possible_milli: 0, why: 'na_excluded' };
  }
}

/** The criticals of a question that its answer touches off, whether or not the question earns points. */
function touchedOff(question: Question, answer: Given): Touched[] {
  if (answer.is !== 'value') return [];
  const { value } = answer;
  const missed =
    typeof value === 'boolean'
      ? value !== (question.expect ?? true)
      : typeof value === 'number' && !withinTolerance(question, value);
  const own = missed && question.critical ? [question.critical] : [];
  const options = chosen(question, value).flatMap((option) => (option.critical ? [option.critical] : []));
  return [...own, ...options].map((critical) => ({ question, critical }));
}

/**
 * The weighted mean of the sections that have a score, clamped; then the criticals: zero, then cap. (Failing comes last
 * and changes no number.)
 */
function overall(sections: Counted[], criticals: Touched[], side: Side): number | null {
  let weights = 0n;
  let sum = 0n;
  for (const { section, micros } of sections) {
    const scored = micros[side];
    if (scored === null) continue;
    weights += BigInt(section.weight);
    sum += BigInt(section.weight) * scored;
  }
  if (weights === 0n) return null;
  let micros = Number(clamp(roundDiv(sum, weights), ONE));
  const acting = criticals
    .filter(({ question }) => sides[side](question) > 0)
    .map(({ critical }) => critical);
  if (acting.some((critical) => critical.effect === 'zero_audit')) micros = 0;
  for (const { effect, cap_micros } of acting) {
    if (effect === 'cap_audit' && cap_micros !== undefined) micros = Math.min(micros, cap_micros);
  }
  return micros;
}

function clamp(micros: bigint, most: bigint | null): bigint {
  if (micros < 0n) return 0n;
  return most !== null && micros > most ? most : micros;
}

function published(micros: bigint | null): number | null {
  return micros === null ? null : Number(clamp(micros, ONE));
}
