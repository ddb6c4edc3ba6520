// The language of the pages, and how an app's dictionary follows it. No words here: each app brings its own.

import { isOwn, spoken } from '../domain/language';
import * as format from '../ui/format';

export const languages = ['en', 'nl'] as const;
export type Language = (typeof languages)[number];

export const languageNames: Record<Language, string> = { en: 'English', nl: 'Nederlands' };

/** The first of the wanted tags whose language we speak; English otherwise. */
export function pickLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const found = languages.find((language) => tag.toLowerCase().split('-')[0] === language);
    if (found) return found;
  }
  return 'en';
}

/** The reader's own regional form of a language (en-GB, nl-BE), so that dates and numbers look as they expect. */
export function localeOf(language: Language, wanted: readonly string[]): string {
  return (
    wanted.find((tag) => tag.toLowerCase().split('-')[0] === language) ??
    (language === 'en' ? 'en-GB' : language)
  );
}

const wanted = typeof navigator === 'undefined' ? [] : (navigator.languages ?? []);

class Current {
  language = $state<Language>(pickLanguage(wanted));
  readonly locale = $derived(localeOf(this.language, wanted));
}

/** Set `language`; everything that reads it in a component follows. */
export const current = new Current();

/** Sets the language and says so to screen readers and hyphenation. */
export function setLanguage(language: Language): void {
  current.language = language;
  document.documentElement.lang = language;
}

/** `const t = dictionary({ en, nl })`; then `t().key` in a component follows the language. */
export function dictionary<Words>(words: Record<Language, Words>): () => Words {
  return () => words[current.language];
}

/** A checklist's text: in the reader's own tag or language if it has it, else in the checklist's first. */
export function inLanguage(text: Record<string, string>, fallback?: string): string {
  return spoken(text, current.locale, fallback).text;
}

/** The `lang` of that text where it is not the page's own: without it a screen reader would mispronounce it. */
export function langOf(text: Record<string, string>, fallback?: string): string | undefined {
  const { tag } = spoken(text, current.locale, fallback);
  return isOwn(tag, current.language) ? undefined : tag;
}

/** A language by its name in the reader's: 'en' → "Engels". */
export function languageName(tag: string): string {
  return new Intl.DisplayNames([current.locale], { type: 'language' }).of(tag) ?? tag;
}

/** The formats of ui/format in the reader's locale. */
export const show = {
  percent: (micros: number | null | undefined, decimals?: 0 | 1) =>
    format.percent(micros, current.locale, decimals),
  points: (micros: number | null | undefined, decimals?: 0 | 1) =>
    format.points(micros, current.locale, decimals),
  milli: (value_milli: number) => format.milli(value_milli, current.locale),
  number: (value: number, decimals?: number) => format.number(value, current.locale, decimals),
  money: (amount_minor: number, currency: string) => format.money(amount_minor, currency, current.locale),
  bytes: (size_bytes: number) => format.bytes(size_bytes, current.locale),
  duration: format.duration,
  distance: (value_m: number) => format.distance(value_m, current.locale),
  instant: (value: string, style: format.DateStyle, time_zone?: string) =>
    format.instant(value, style, current.locale, time_zone),
  local: (value: string, style: format.DateStyle) => format.local(value, style, current.locale),
};

/** One of two forms by number; enough for English and Dutch. */
export function plural(n: number, one: string, other: string): string {
  return n === 1 ? one : other;
}
