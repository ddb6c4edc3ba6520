// In which of its languages a checklist's text is read. Pure: the reader's language is an argument.
// The server chooses the same way (src/domain/checklist/text.rs).

import type { ChecklistDocument, Text } from '../api/types';

export interface Spoken {
  text: string;
  /** The tag of the language that it is in. */
  tag: string;
}

/** 'nl-BE' → 'nl'; 'nl' → 'nl'. */
export function baseOf(tag: string): string {
  return tag.split('-')[0]!.toLowerCase();
}

/**
 * The reader's own tag if the text has it, then its base language, then the checklist's first. A text that has none of
 * them is read in whatever it has: words in a foreign language say more than none.
 */
export function spoken(text: Text, wanted: string, first?: string): Spoken {
  const tags = Object.keys(text);
  const has = (tag?: string) => tags.find((one) => one.toLowerCase() === tag?.toLowerCase());
  const tag = has(wanted) ?? has(baseOf(wanted)) ?? has(first) ?? tags[0];
  return tag === undefined ? { text: '', tag: wanted } : { text: text[tag]!, tag };
}

/** Whether a text in `tag` is what a reader of `wanted` reads: the same language, whatever the region. */
export function isOwn(tag: string, wanted: string): boolean {
  return baseOf(tag) === baseOf(wanted);
}

export type Reading =
  | { whole: true }
  /** Some texts, or all of them, are in `other`, the checklist's first language. */
  | { whole: false; none: boolean; other: string };

/** How much of a checklist somebody reads in their own language. */
export function reading(
  { languages, partial_languages }: Pick<ChecklistDocument, 'languages' | 'partial_languages'>,
  wanted: string,
): Reading {
  const speaks = (tags: readonly string[] = []) =>
    tags.some((tag) => [wanted.toLowerCase(), baseOf(wanted)].includes(tag.toLowerCase()));
  if (speaks(languages)) return { whole: true };
  const other = languages[0] ?? wanted;
  if (isOwn(other, wanted)) return { whole: true };
  return { whole: false, none: !speaks(partial_languages), other };
}
