// What keeps an audit from being handed in: missing answers, photos and words, values out of bounds. Pure.
// Not here: the words for it. The server holds an audit to the same (src/domain/audit/check.rs and its JSON Schema).

import type { Answer, ChecklistDocument, Question } from '../api/types';
import { Shown } from './conditions';
import type { Answers } from './given';

export type Lack =
  | 'answer' // it has to be answered
  | 'photos_min'
  | 'photos_max'
  | 'minimum'
  | 'maximum'
  | 'words_min'
  | 'characters_max'
  | 'form'; // a date or time that is none

/** One thing to mend. `wanted` and `have` are in the answer's unit: photos, words, characters, milli, ms, minor. */
export interface Gap {
  question: string;
  section: string;
  lack: Lack;
  wanted?: number;
  have?: number;
}

/** Photos of one audit. */
export const AUDIT_PHOTOS_MAX = 60;

/** Everything to mend, in the order of the questions; empty when the audit can be handed in. */
export function gaps(document: ChecklistDocument, answers: Answers): Gap[] {
  const shown = new Shown(document, answers);
  return document.sections.flatMap((section) =>
    section.questions
      .filter((question) => question.type !== 'heading' && shown.has(question.id))
      .flatMap((question) => gapsOf(question, answers[question.id], shown))
      .map((gap) => ({ ...gap, section: section.id })),
  );
}

type Own = Omit<Gap, 'section'>;

function gapsOf(question: Question, answer: Answer | undefined, shown: Shown): Own[] {
  const found: Own[] = [];
  const lacks = (lack: Lack, wanted?: number, have?: number) =>
    found.push({ question: question.id, lack, wanted, have });
  const given = shown.given(question.id);
  // Photos of what is not applicable stay on the phone.
  const photos = answer?.not_applicable ? 0 : (answer?.photos?.length ?? 0);
  if (given.is === 'nothing' && shown.requires(question)) lacks('answer');
  if (photos > (question.photo?.max ?? 0)) lacks('photos_max', question.photo?.max ?? 0, photos);
  if (given.is === 'value' || given.is === 'photos') {
    const least = shown.photosMin(question);
    if (photos < least) lacks('photos_min', least, photos);
  }
  if (given.is === 'value') {
    const { value } = given;
    if (typeof value === 'number') {
      const least = question.minimum ?? (question.type === 'number' ? undefined : 0);
      if (least !== undefined && value < least) lacks('minimum', least, value);
      if (question.maximum !== undefined && value > question.maximum)
        lacks('maximum', question.maximum, value);
    }
    if (question.type === 'text' && typeof value === 'string') {
      const [words, characters] = [wordCount(value), characterCount(value)];
      if (words < (question.words_min ?? 0)) lacks('words_min', question.words_min, words);
      if (question.characters_max !== undefined && characters > question.characters_max) {
        lacks('characters_max', question.characters_max, characters);
      }
    }
    if (question.type === 'date' && !isDate(value)) lacks('form');
    if (question.type === 'time' && !/^([01][0-9]|2[0-3]):[0-5][0-9]$/.test(String(value))) lacks('form');
  }
  return found;
}

/** Words are what white space separates, in every language: the server counts the same way. */
export function wordCount(text: string): number {
  return text.split(/\p{White_Space}+/u).filter((word) => word !== '').length;
}

/** Unicode code points, as JSON Schema counts. */
export function characterCount(text: string): number {
  return [...text].length;
}

function isDate(value: unknown): boolean {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(String(value));
  if (!parts) return false;
  const [year, month, day] = parts.slice(1).map(Number) as [number, number, number];
  const date = new Date(0);
  // Date.UTC would take the years 0 to 99 for those of the last century.
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}
