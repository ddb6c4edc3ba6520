// What ticking one of several does to the others. Pure.

import type { Option, Question } from '../api/types';

/**
 * Whether the option is chosen alone. Checklists of format 1 cannot say so: there an option called "nothing" or "none"
 * is taken to be one.
 */
export function standsAlone(question: Question, option: Option): boolean {
  if (question.options?.some((one) => one.exclusive)) return option.exclusive === true;
  return option.id === 'nothing' || option.id === 'none';
}

/** The choice after `id` was ticked or unticked, in the order of the options: the same choice is the same answer. */
export function toggled(question: Question, chosen: readonly string[], id: string, on: boolean): string[] {
  const options = question.options ?? [];
  const alone = (other: string) => options.some((one) => one.id === other && standsAlone(question, one));
  const now = on
    ? [id, ...(alone(id) ? [] : chosen.filter((other) => !alone(other)))]
    : chosen.filter((other) => other !== id);
  return options.map((option) => option.id).filter((option) => now.includes(option));
}
