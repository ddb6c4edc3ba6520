// What the desk makes of work in quarantine: what it says of itself, whether it can be placed, and where. No page and no call.
import type { QuarantineDetail } from '../../api/desk';
import type { ChecklistDocument, VisitRow } from '../../api/types';
import { inLanguage } from '../../i18n/language.svelte';

/** What can be read of a document that may be no audit at all. */
export interface Glimpse {
  visit?: string;
  checklist?: string;
  finished_at?: string;
}
export function glimpse(body: string): Glimpse {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return {};
  }
  const members = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  const text = (name: keyof Glimpse) =>
    typeof members[name] === 'string' ? { [name]: members[name] } : undefined;
  return { ...text('visit'), ...text('checklist'), ...text('finished_at') };
}

/**
 * - `own`: as an audit of the visit that it names, or of another
 * - `other`: only of another visit, for the agency has none by the name that it gives
 * - `no`: its checklist refuses it, whatever the visit
 */
export type Placeable = 'own' | 'other' | 'no';
export function placeable({ now }: Pick<QuarantineDetail, 'now'>): Placeable {
  if (now.placeable) return 'own';
  return now.errors.length > 0 && now.errors.every((error) => error.pointer === '/visit') ? 'other' : 'no';
}

/** How many of the photos that a document lists have come, and how large the others are. */
export function photosCome(photos: QuarantineDetail['photos']): {
  stored: number;
  all: number;
  missing_bytes: number;
} {
  const missing = photos.filter((photo) => !photo.stored);
  return {
    stored: photos.length - missing.length,
    all: photos.length,
    missing_bytes: missing.reduce((sum, photo) => sum + photo.size_bytes, 0),
  };
}

/** Visits in the order of how near their windows are to the work; as they stand when that has no time. */
export function nearestFirst(visits: readonly VisitRow[], finished_at: string | undefined): VisitRow[] {
  // A window is the location's own time; without its zone's offset it is hours off, which tells days well enough apart.
  const done_ms = Date.parse(finished_at ?? '');
  const distance = (visit: VisitRow) => {
    const [opens, closes] = [visit.local_opens, visit.local_closes].map((time) =>
      Date.parse(`${time.slice(0, 16)}Z`),
    );
    return Math.max((opens ?? 0) - done_ms, done_ms - (closes ?? 0), 0);
  };
  return Number.isNaN(done_ms) ? [...visits] : [...visits].sort((a, b) => distance(a) - distance(b));
}

/** The words of each question, by the pointer of its answer. */
export function questionNotes(checklist: ChecklistDocument | undefined): Map<string, string> {
  const fallback = checklist?.languages[0];
  const questions = checklist?.sections.flatMap((section) => section.questions) ?? [];
  return new Map(
    questions.map((question) => [`/answers/${question.id}`, inLanguage(question.text, fallback)]),
  );
}
