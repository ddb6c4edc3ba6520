// The five faces, from anger to joy: how they are drawn and what they are called.

import type { Question } from '../../api/types';
import { inLanguage } from '../../i18n/language.svelte';
import { t } from '../words';

/** Brows and mouth on a grid of 48 × 48. */
export const faces = [
  'M14 15.5l5.5 2.5M34 15.5l-5.5 2.5M15 34q9-10.5 18 0',
  'M16 32q8-5 16 0',
  'M16.5 31h15',
  'M15.5 29q8.5 6 17 0',
  'M14 27.5h20q-1 9.5-10 9.5t-10-9.5Z',
] as const;

/** Worst first: the question's own names, or ours. */
export function faceNames(question: Question, fallback?: string): readonly string[] {
  return question.steps?.map((step) => inLanguage(step.text, fallback)) ?? t().question.faces;
}
