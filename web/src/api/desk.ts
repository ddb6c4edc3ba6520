// What the server says to the agency's desk and to nobody else: versions of checklists, moves of campaigns, right answers to
// traps, what-ifs. Types only; nothing here runs. What phones share is in types.ts.

import type { components } from './schema';
import type { Answer, Scalar } from './types';

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
}
export interface Difference {
  scores: {
    /** The same answers give the same scores. */
    comparable: boolean;
    /** Why not: each change that can move a score. */
    reasons: string[];
    /** What to know in either case. */
    notes: string[];
  };
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
  /** Only this client's audits; all when absent. */
  client?: string | null;
  state: 'waiting' | 'running' | 'done';
  audits_total: number;
  audits_done: number;
  created_at: string;
  finished_at?: string | null;
  /** The weights as JSON: what the YAML that was entered says. */
  reweighting: unknown;
  /** Only once it is done, and only of a single one. */
  summary?: WhatIfSummary | null;
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
  /** Audits of versions that the weights do not fit. */
  left_out: number;
  /** Audits with another total. */
  moved: number;
  newly_passed: number;
  no_longer_passed: number;
  newly_failed: number;
  no_longer_failed: number;
  /** Pairs of locations that have both means. */
  pairs: number;
  /** Of these pairs those in which the better one becomes the worse one. */
  swapped: number;
  /** Of these pairs those that are equal before or after only. */
  tied_once: number;
  /** In the order of their new rank. */
  locations: WhatIfLocation[];
}
