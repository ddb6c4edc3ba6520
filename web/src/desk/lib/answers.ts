// One answer in words, as a reviewer reads it: `Yes`, `12 min 30 s`, `Warm welcome`. Not the scoring of it.
import type { Answer, Question, Text } from '../../api/types';
import { distance, local, milli, money, number } from '../../ui/format';
import { lengthOfTime } from './format';

export interface AnswerWords {
  yes: string;
  no: string;
  notApplicable: string;
  noAnswer: string;
  photos: (count: number) => string;
  step: (value: number, of: number) => string;
  /** The five faces, worst first, where the checklist names none of its own. */
  moods: readonly string[];
  /** Whether a distance is one that counts as being there. */
  within: (distance: string) => string;
  beyond: (distance: string) => string;
}
/** The first face of a pair, for a question that is asked `since` it. */
export interface Earlier {
  question: Question;
  answer: Answer | undefined;
}

/** `say` picks the reader's language from a text of the checklist. */
export function answerInWords(
  question: Question,
  answer: Answer | undefined,
  locale: string,
  say: (text: Text) => string,
  words: AnswerWords,
  earlier?: Earlier,
): string {
  if (!answer) return words.noAnswer;
  if (answer.not_applicable) return words.notApplicable;
  const value = answer.value;
  if (value === undefined) {
    return answer.photos?.length ? words.photos(answer.photos.length) : words.noAnswer;
  }
  const option = (id: string) => {
    const text = question.options?.find((o) => o.id === id)?.text;
    return text ? say(text) : id;
  };
  const unit = question.unit ? say(question.unit) : '';
  switch (question.type) {
    case 'yes_no':
      return value === true ? words.yes : words.no;
    case 'choice':
      return option(String(value));
    case 'multi_choice':
      return Array.isArray(value) ? value.map(option).join(', ') || words.noAnswer : String(value);
    case 'emotion': {
      const face = (of: Question, at: number) => {
        const step = of.steps?.[at - 1];
        return step ? say(step.text) : words.moods[at - 1];
      };
      const now = face(question, Number(value));
      const before = earlier?.answer?.value;
      if (earlier && typeof before === 'number' && now !== undefined)
        return `${face(earlier.question, before) ?? before} → ${now}`;
      const step = words.step(Number(value), 5);
      return now ? `${now} (${step})` : step;
    }
    case 'scale': {
      const steps = question.steps ?? [];
      const chosen = steps[Number(value) - 1];
      const step = words.step(Number(value), steps.length || 5);
      return chosen ? `${say(chosen.text)} (${step})` : step;
    }
    case 'recommend':
      return words.step(Number(value), 10);
    case 'number':
      return [milli(Number(value), locale), unit].filter(Boolean).join(' ');
    case 'count':
      return [number(Number(value), locale), unit].filter(Boolean).join(' ');
    case 'duration':
      return lengthOfTime(Number(value));
    case 'location_check': {
      const { accuracy_m } = answer;
      const sure = accuracy_m === undefined ? '' : `, ± ${distance(accuracy_m, locale)}`;
      const { within_m } = question;
      if (within_m === undefined) return distance(Number(value), locale) + sure;
      const verdict = Number(value) <= within_m ? words.within : words.beyond;
      return `${distance(Number(value), locale)}${sure} (${verdict(distance(within_m, locale))})`;
    }
    case 'money':
      return money(Number(value), question.currency ?? 'EUR', locale);
    case 'date':
      return local(String(value), 'date', locale);
    default:
      return String(value);
  }
}
