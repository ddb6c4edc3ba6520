// What an answer's least and most are, in words.

import type { Question } from '../../api/types';
import { t } from '../words';

export interface Bounds {
  least?: number;
  most?: number;
}

/** In the answer's unit. What counts things, money or time is never below 0. */
export function boundsOf(question: Question): Bounds {
  return {
    least: question.minimum ?? (question.type === 'number' ? undefined : 0),
    most: question.maximum,
  };
}

export function isWithin({ least, most }: Bounds, value: number): boolean {
  return (least === undefined || value >= least) && (most === undefined || value <= most);
}

/** "Between 1 and 5"; `shown` writes a value as it is typed. Empty without bounds. */
export function boundsText({ least, most }: Bounds, shown: (value: number) => string): string {
  if (least !== undefined && most !== undefined) return t().question.between(shown(least), shown(most));
  if (least !== undefined) return t().question.atLeast(shown(least));
  return most === undefined ? '' : t().question.atMost(shown(most));
}
