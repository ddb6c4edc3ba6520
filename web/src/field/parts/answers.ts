// An answer in a few words, as a list shows it.

import type { Answer, Question } from '../../api/types';
import { given } from '../../domain/given';
import { decimalMark, formatDecimal } from '../../domain/numbers';
import { current, inLanguage, show } from '../../i18n/language.svelte';
import { t } from '../words';

/** Empty when there is no answer. */
export function answerText(question: Question, answer: Answer | undefined, fallback?: string): string {
  const said = given(question, answer);
  if (said.is === 'nothing') return '';
  if (said.is === 'not_applicable') return t().fill.notApplicable;
  if (said.is === 'photos')
    return t().question.photos(said.count, Math.max(said.count, question.photo?.max ?? 0));
  const { value } = said;
  const label = (id: string) => {
    const option = question.options?.find((option) => option.id === id);
    return option ? inLanguage(option.text, fallback) : id;
  };
  if (typeof value === 'boolean') return value ? t().question.yes : t().question.no;
  if (Array.isArray(value)) return value.length === 0 ? t().question.none : value.map(label).join(', ');
  if (typeof value === 'string') {
    if (question.type === 'choice') return label(value);
    if (question.type === 'date') return show.local(value, 'date');
    if (question.type === 'time') return show.local(`2000-01-01T${value}`, 'time');
    return value;
  }
  switch (question.type) {
    case 'duration':
      return show.duration(value);
    case 'money':
      return show.money(value, question.currency ?? 'EUR');
    case 'scale':
      return inLanguage(question.steps?.[value - 1]?.text ?? {}, fallback);
    case 'emotion':
      return question.steps
        ? inLanguage(question.steps[value - 1]?.text ?? {}, fallback)
        : (t().question.faces[value - 1] ?? '');
    case 'location_check':
      return show.distance(value);
    case 'number':
      return withUnit(formatDecimal(value, 3, decimalMark(current.locale), true), question, fallback);
    default:
      return withUnit(String(value), question, fallback);
  }
}

function withUnit(figure: string, { unit }: Question, fallback?: string): string {
  return unit ? `${figure} ${inLanguage(unit, fallback)}` : figure;
}
