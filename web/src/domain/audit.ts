// Makes the audit document out of what was answered. Pure: ids, times and version are arguments.
// It is made once; whoever keeps it keeps the text that was made of it, and never makes that text anew.

import type { Answer, AuditDocument, ChecklistDocument } from '../api/types';
import { progress } from './progress';
import { score } from './scoring/score';
import { isBlank, type Answers } from './given';

export type ListedPhoto = AuditDocument['photos'][number];

export interface Filled {
  audit: string;
  visit: string;
  /** SHA-256 of the version that was answered. */
  checklist_sha256: string;
  supersedes?: string;
  started_at: string;
  finished_at: string;
  elapsed_ms: number;
  server_time_difference_ms?: number;
  language: string;
  answers: Answers;
  /** What is known of each photo, by SHA-256; at least those that the answers name. */
  photos: Readonly<Record<string, ListedPhoto>>;
  app_version: string;
}

/** Answers to hidden questions, emptied answers, and photos that no shown answer names are left out. */
export function auditDocument(document: ChecklistDocument, filled: Filled): AuditDocument {
  const answered = progress(document, filled.answers).questions.flatMap((question) => {
    const answer = sent(filled.answers[question.id]);
    return answer && question.type !== 'heading' ? [[question.id, answer] as const] : [];
  });
  // Not by assignment: a question may be called `__proto__`.
  const answers: Record<string, Answer> = Object.fromEntries(answered);
  const named = [...new Set(Object.values(answers).flatMap((answer) => answer.photos ?? []))];
  const { total_micros, service_micros, experience_micros, recovery_micros, engine } = score(
    document,
    answers,
  );
  return {
    format: 1,
    audit: filled.audit,
    visit: filled.visit,
    checklist: filled.checklist_sha256,
    ...(filled.supersedes === undefined ? {} : { supersedes: filled.supersedes }),
    started_at: filled.started_at,
    finished_at: filled.finished_at,
    elapsed_ms: Math.max(0, Math.round(filled.elapsed_ms)),
    ...(filled.server_time_difference_ms === undefined
      ? {}
      : { server_time_difference_ms: Math.round(filled.server_time_difference_ms) }),
    language: filled.language,
    answers,
    photos: named.map((sha256) => {
      const photo = filled.photos[sha256];
      if (!photo) throw new Error(`nothing is known of photo ${sha256}`);
      return photo;
    }),
    score: {
      total_micros,
      service_micros,
      experience_micros,
      ...(recovery_micros === undefined ? {} : { recovery_micros }),
      engine,
    },
    app_version: filled.app_version,
  };
}

/** The answer as it is sent, or nothing when it says nothing. */
function sent(answer: Answer | undefined): Answer | undefined {
  if (!answer) return undefined;
  const out: Answer = {};
  if (answer.not_applicable) out.not_applicable = true;
  else if (typeof answer.value === 'string' ? !isBlank(answer.value) : answer.value !== undefined) {
    out.value = answer.value;
    if (answer.accuracy_m !== undefined) out.accuracy_m = answer.accuracy_m;
  }
  if (answer.comment?.trim()) out.comment = answer.comment.trim();
  if (answer.photos?.length && !answer.not_applicable) out.photos = [...answer.photos];
  if (Object.keys(out).length === 0) return undefined;
  if (answer.recorded_at) out.recorded_at = answer.recorded_at;
  return out;
}
