// What every control of a question is given.

import type { Question } from '../../api/types';
import type { Fill } from '../state/fill.svelte';

export interface ControlProps {
  question: Question;
  fill: Fill;
  /** Id of the element that says the question: the control's name for screen readers. */
  labelledby: string;
}
