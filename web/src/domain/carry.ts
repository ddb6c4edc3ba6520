// What of a draft's answers still fits another version of its checklist. Pure. An answer is kept where the question is still
// asked in the same way and the answer is still one of its answers; what of it does not fit is named, never dropped unsaid.
// Not here: bounds and what is missing, which the form says as with every answer (check.ts).

import type { Answer, ChecklistDocument, Question, Text } from '../api/types';
import { given, type Answers } from './given';

export type LeftWhy =
  /** The question is not there any more. */
  | 'not_asked'
  /** It is asked in another way: another type, currency or number of steps. */
  | 'asked_otherwise'
  /** What was answered is not among its answers any more. */
  | 'not_an_answer'
  /** It takes no photos any more, or fewer. */
  | 'photos';

export interface Left {
  question: string;
  /** The words of the question as it was answered. */
  text: Text;
  why: LeftWhy;
}

export interface Carried {
  answers: Record<string, Answer>;
  /** In the order of the questions. */
  left: Left[];
  /** How many questions keep what was answered, all of it. */
  kept: number;
  /** Questions that the version it was begun with did not have. */
  fresh: number;
}

export function carry(from: ChecklistDocument, to: ChecklistDocument, answers: Answers): Carried {
  const now = new Map(questionsOf(to).map((question) => [question.id, question]));
  const before = questionsOf(from);
  const carried: [string, Answer][] = [];
  const left: Left[] = [];
  for (const question of before) {
    const answer = answers[question.id];
    if (question.type === 'heading' || !answer || isEmpty(answer)) continue;
    const { keeps, why } = fitted(question, now.get(question.id), answer);
    if (keeps) carried.push([question.id, keeps]);
    if (why) left.push({ question: question.id, text: question.text, why });
  }
  const known = new Set(before.map((question) => question.id));
  return {
    // Not by assignment: a question may be called `__proto__`.
    answers: Object.fromEntries(carried),
    left,
    kept: carried.filter(([id]) => !left.some((one) => one.question === id)).length,
    fresh: questionsOf(to).filter(({ id, type }) => type !== 'heading' && !known.has(id)).length,
  };
}

/** What of the answer stays, and why what does not. */
function fitted(
  before: Question,
  now: Question | undefined,
  answer: Answer,
): { keeps?: Answer; why?: LeftWhy } {
  if (!now) return { why: 'not_asked' };
  if (!isAskedAlike(before, now)) return { why: 'asked_otherwise' };
  const keeps = { ...answer };
  let why: LeftWhy | undefined;
  if (answer.photos && answer.photos.length > (now.photo?.max ?? 0)) {
    why = 'photos';
    keeps.photos = answer.photos.slice(0, now.photo?.max ?? 0);
    if (keeps.photos.length === 0) delete keeps.photos;
  }
  if (answer.not_applicable && now.not_applicable === 'not_allowed') {
    why = 'not_an_answer';
    delete keeps.not_applicable;
  }
  // Beside 'not applicable' a value may lie unseen: it is judged by itself.
  const value = { value: answer.value };
  if (answer.value !== undefined && now.type !== 'photo' && given(now, value).is === 'nothing') {
    why = 'not_an_answer';
    delete keeps.value;
    delete keeps.accuracy_m;
  }
  return { ...(isEmpty(keeps) ? {} : { keeps }), ...(why && { why }) };
}

function isAskedAlike(before: Question, now: Question): boolean {
  return (
    before.type === now.type &&
    before.currency === now.currency &&
    // The third of five is not the third of four.
    (now.type !== 'scale' || before.steps?.length === now.steps?.length)
  );
}

function isEmpty({ value, not_applicable, comment, photos }: Answer): boolean {
  return value === undefined && !not_applicable && !comment && !photos?.length;
}

function questionsOf(document: ChecklistDocument): Question[] {
  return document.sections.flatMap((section) => section.questions);
}
