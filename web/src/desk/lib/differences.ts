// Differences between two versions of a checklist, laid out: the head, then section by section and question by question.
// What is different is said by the server; here it is only put in order.
import type { Change } from '../../api/desk';

export type Audience = 'all' | 'shopper' | 'score';

export interface QuestionChanges {
  /** Undefined: of the section, or of the checklist, as a whole. */
  question: string | undefined;
  changes: Change[];
}
export interface SectionChanges {
  section: string | undefined;
  questions: QuestionChanges[];
}

/** Whether somebody would notice: a shopper who fills it in, or a score of the same answers. */
export function concerns(change: Change, audience: Audience): boolean {
  return audience === 'all' || change.audience === audience || change.audience === 'both';
}

/** In the order in which the server tells them. */
export function laidOut(changes: readonly Change[]): SectionChanges[] {
  const sections: SectionChanges[] = [];
  for (const change of changes) {
    let section = sections.find((known) => known.section === change.section);
    if (!section) sections.push((section = { section: change.section, questions: [] }));
    let question = section.questions.find((known) => known.question === change.question);
    if (!question) section.questions.push((question = { question: change.question, changes: [] }));
    question.changes.push(change);
  }
  return sections;
}

/**
 * The words of a change in three: what, what it was, what it is. With more than one arrow the rest stays whole, as `after`;
 * without one there is only the first.
 */
export interface Told {
  what: string;
  before?: string;
  after?: string;
}
export function told(change: Pick<Change, 'words'>): Told {
  // Words of texts are quoted and may hold anything; the arrow between the two values is outside of quotes.
  const parts = /^(.*?): (“[^”]*”|[^→]*?) → (.*)$/su.exec(change.words);
  if (!parts) return { what: change.words };
  const bare = parts[3]!.replace(/“[^”]*”/gu, '');
  if (bare.includes('→')) return { what: parts[1]!, after: `${parts[2]} → ${parts[3]}` };
  return { what: parts[1]!, before: parts[2]!, after: parts[3]! };
}
