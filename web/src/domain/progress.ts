// How far a form is filled in: counts only what is shown, and never headings. Pure.

import type { ChecklistDocument, Question, Section } from '../api/types';
import { gaps, type Gap } from './check';
import { Shown } from './conditions';
import type { Answers } from './given';

export interface SectionProgress {
  section: Section;
  /** Shown questions in order, headings too. */
  questions: Question[];
  answered: number;
  /** Questions that can be answered. */
  total: number;
  /** Questions that still keep the audit from being handed in. */
  lacking: number;
}

export interface Progress {
  shown: Shown;
  gaps: Gap[];
  /** Sections in which something is shown. */
  sections: SectionProgress[];
  /** All shown questions in order, headings too. */
  questions: Question[];
  answered: number;
  total: number;
}

export function progress(document: ChecklistDocument, answers: Answers): Progress {
  const shown = new Shown(document, answers);
  const open = gaps(document, answers);
  const sections = document.sections
    .map((section) => {
      const questions = section.questions.filter((question) => shown.has(question.id));
      const asked = questions.filter((question) => question.type !== 'heading');
      return {
        section,
        questions,
        answered: asked.filter((question) => shown.given(question.id).is !== 'nothing').length,
        total: asked.length,
        lacking: new Set(open.filter((gap) => gap.section === section.id).map((gap) => gap.question)).size,
      };
    })
    .filter((section) => section.questions.length > 0);
  const sum = (of: (section: SectionProgress) => number) => sections.reduce((all, each) => all + of(each), 0);
  return {
    shown,
    gaps: open,
    sections,
    questions: sections.flatMap((section) => section.questions),
    answered: sum((section) => section.answered),
    total: sum((section) => section.total),
  };
}
