// An audit laid out for review: sections, and in each every question with its answer, its points and its photos.
// Arranges what the server scored; computes no score of its own.
import type { Trap } from '../../api/desk';
import type { Answer, AuditDetail, AuditPhoto, Question, Section, Why } from '../../api/types';
import type { Earlier } from './answers';

export interface QuestionRow {
  question: Question;
  answer: Answer | undefined;
  why: Why;
  earned_milli: number;
  possible_milli: number;
  photos: AuditPhoto[];
  /** How it went, where the agency knows the right answer. */
  trap: Trap | undefined;
  /** The first face of a pair. */
  earlier: Earlier | undefined;
}
export interface SectionRows {
  section: Section;
  micros: number | null;
  service_micros: number | null;
  experience_micros: number | null;
  failed: boolean;
  rows: QuestionRow[];
  /** How many questions of this section the conditions kept from being asked. */
  hidden: number;
}

export function auditRows(audit: AuditDetail): SectionRows[] {
  const trace = new Map(audit.score.trace.map((entry) => [entry.question, entry]));
  const scores = new Map(audit.score.sections.map((score) => [score.id, score]));
  const traps = new Map(trapsOf(audit).map((trap) => [trap.question, trap]));
  const questions = new Map(audit.checklist.sections.flatMap((s) => s.questions).map((q) => [q.id, q]));
  return audit.checklist.sections.map((section) => {
    const rows = section.questions.map((question): QuestionRow => {
      const entry = trace.get(question.id);
      const first = question.since ? questions.get(question.since) : undefined;
      return {
        question,
        answer: audit.answers[question.id],
        why: entry?.why ?? 'not_scored',
        earned_milli: entry?.earned_milli ?? 0,
        possible_milli: entry?.possible_milli ?? 0,
        photos: audit.photos.filter((photo) => photo.question === question.id),
        trap: traps.get(question.id),
        earlier: first && { question: first, answer: audit.answers[first.id] },
      };
    });
    const score = scores.get(section.id);
    return {
      section,
      micros: score?.micros ?? null,
      service_micros: score?.service_micros ?? null,
      experience_micros: score?.experience_micros ?? null,
      failed: score?.failed ?? false,
      rows,
      hidden: rows.filter((row) => row.why === 'hidden').length,
    };
  });
}

/** Traps as they are: the API's description knows of their answers only that they are JSON. */
export function trapsOf(audit: Pick<AuditDetail, 'traps'>): Trap[] {
  return audit.traps as unknown as Trap[];
}

/** A question's verdict for the eye: full points, some, none, or nothing to earn. */
export type Verdict = 'full' | 'part' | 'none' | 'unscored';
export function verdict(row: Pick<QuestionRow, 'earned_milli' | 'possible_milli' | 'why'>): Verdict {
  if (
    row.why === 'hidden' ||
    row.why === 'not_scored' ||
    row.why === 'na_excluded' ||
    row.why === 'unanswered'
  ) {
    return 'unscored';
  }
  if (row.possible_milli === 0) return row.earned_milli > 0 ? 'full' : 'unscored';
  if (row.earned_milli >= row.possible_milli) return 'full';
  return row.earned_milli > 0 ? 'part' : 'none';
}

/** Which of the two scores a question speaks for. */
export type Dimension = 'service' | 'experience' | 'both' | 'none';
export function dimensionOf(question: Pick<Question, 'service_share' | 'experience_share'>): Dimension {
  if (question.service_share > 0 && question.experience_share > 0) return 'both';
  if (question.service_share > 0) return 'service';
  return question.experience_share > 0 ? 'experience' : 'none';
}

export interface ScoreComparison {
  name: 'total' | 'service' | 'experience' | 'recovery';
  phone_micros: number | null;
  server_micros: number | null;
  same: boolean;
}
/** The phone's provisional score beside the server's. They must agree to the last millionth. */
export function compareScores(audit: Pick<AuditDetail, 'score' | 'phone_score'>): ScoreComparison[] {
  const names = ['total', 'service', 'experience', 'recovery'] as const;
  return names.flatMap((name) => {
    const phone = audit.phone_score[`${name}_micros`];
    const server = audit.score[`${name}_micros`];
    // A checklist without recovery questions has no such score; and a phone need not have told of it.
    if (phone === undefined || server === undefined) return [];
    return [{ name, phone_micros: phone, server_micros: server, same: phone === server }];
  });
}

/** Photos that neither arrived nor were waived: what stands between an audit and its approval. */
export function missingPhotos(audit: Pick<AuditDetail, 'photos'>): AuditPhoto[] {
  return audit.photos.filter((photo) => !photo.stored && !photo.waived);
}
