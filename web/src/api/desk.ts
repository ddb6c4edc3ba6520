// What the server says to the agency's desk and to nobody else: versions of checklists, moves of campaigns, right answers to
// traps, what-ifs. Types only; nothing here runs. What phones share is in types.ts.

import type { components } from './schema';
import type { Answer, QuestionType, Scalar } from './types';

type Schemas = components['schemas'];

// ---------- checklists
export type VersionRow = Schemas['VersionRow'];
export type FileProblem = Schemas['FileProblem'] & {
  /** Absent is an error; a warning does not stand in the way of publishing. */
  severity?: 'error' | 'warning';
  /** Characters to mark from line and column on. */
  length?: number;
};
export type Checked = Omit<Schemas['Checked'], 'problems'> & { problems: FileProblem[] };

/** One difference between two versions; which other members it has depends on its `kind`. */
export interface Change {
  audience: 'shopper' | 'score' | 'both' | 'agency';
  kind: string;
  section?: string;
  question?: string;
  /** In plain English, without section and question: `points: 5 → 6`. */
  words: string;
  before?: unknown;
  after?: unknown;
  /** With `kind: text`: of what, in which language. */
  of?: unknown;
  language?: string;
  text?: string;
  question_type?: QuestionType;
}
export interface Comparability {
  comparable: boolean;
  reasons?: string[];
  notes?: string[];
}
export interface Difference {
  scores: Comparability;
  changes: Change[];
}

// ---------- campaigns
export type VersionStep = Schemas['VersionStep'];
export type TrapValue = Scalar | string[];
/** The right answer to a trap question: everywhere without a location. */
export type TrapKey = Omit<Schemas['TrapKeyView'], 'answer'> & { answer: TrapValue };
/** How a trap went in one audit. */
export type Trap = Omit<Schemas['TrapView'], 'expected' | 'outcome'> & {
  expected: NonNullable<Answer['value']>;
  outcome: 'right' | 'missed' | 'not_answered';
};
export type Leg = Schemas['LegView'];

// ---------- what-ifs
export interface WhatIf {
  id: string;
  name: string;
  checklist_slug: string;
  client?: string | null;
  state: 'waiting' | 'running' | 'done' | 'failed';
  audits_total: number;
  audits_done: number;
  error?: string | null;
  created_at: string;
  finished_at?: string | null;
  /** YAML as it was entered. */
  reweighting: string;
}
export interface WhatIfLocation {
  location: string;
  location_name: string;
  location_city: string;
  audits: number;
  before_micros: number | null;
  after_micros: number | null;
  rank_before: number | null;
  rank_after: number | null;
}
export interface WhatIfSummary {
  audits: number;
  /** Audits whose score is another one. */
  changed: number;
  passed_before: number;
  passed_after: number;
  failed_before: number;
  failed_after: number;
  /** Pairs of locations of which the better one becomes the worse one. */
  pairs_swapped: number;
  /** In the order of their new rank. */
  locations: WhatIfLocation[];
}
export type WhatIfDetail = WhatIf & { summary?: WhatIfSummary | null };
