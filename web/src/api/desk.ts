// What the server says to the agency's desk and to nobody else: versions of checklists, moves of campaigns, right answers to
// traps, what-ifs, the quarantine. Types only; nothing here runs. What phones share is in types.ts.

import type { components } from './schema';
import type { Answer, Problem, QuarantineReason, Scalar, VisitState } from './types';

type Schemas = components['schemas'];

// ---------- checklists
export type VersionRow = Schemas['VersionRow'];
export type FileProblem = Omit<Schemas['FileProblem'], 'severity'> & { severity: 'error' | 'warning' };
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
export type WhatIfSummary = Schemas['WhatIfSummary'];
export type WhatIfLocation = Schemas['WhatIfLocation'];
/** `summary` only once it is done, and only of a single one. */
export type WhatIf = Omit<Schemas['WhatIf'], 'state'> & { state: 'waiting' | 'running' | 'done' };

// ---------- quarantine
export interface Settled {
  outcome: 'placed' | 'accepted' | 'rejected';
  at: string;
  by_name: string;
  note: string;
  /** What it became, if it was placed. */
  audit?: string;
}
type Pointed = NonNullable<Problem['errors']>[number];
export interface QuarantineItem {
  number: number;
  audit: string;
  shopper_name: string;
  reason: QuarantineReason;
  /** What was wrong when it arrived. */
  errors: Pointed[];
  received_at: string;
  size_bytes: number;
  settled?: Settled;
}
export interface QuarantinePhoto {
  sha256: string;
  size_bytes: number;
  stored: boolean;
}
export interface QuarantineVisit {
  id: string;
  state: VisitState | 'withdrawn' | 'open';
  location_name: string;
  campaign_name: string;
  local_opens: string;
  shopper_is_sender: boolean;
}
export interface QuarantineDetail extends QuarantineItem {
  /** The document as it came. */
  body: string;
  photos: QuarantinePhoto[];
  /** The visit that it names, if the agency has it. */
  visit: QuarantineVisit | null;
  /** The document examined anew; `placeable` with the visit that it names. */
  now: { placeable: boolean; errors: Pointed[] };
}

// ---------- outbox import
export interface Imported {
  audits: { audit: string; outcome: 'placed' | 'quarantined' | 'already' | 'refused'; detail?: string }[];
  photos: { sha256: string; outcome: 'stored' | 'already' | 'refused'; detail?: string }[];
  /** Lines that could not be read, counted from 1. */
  lines_refused: { line: number; detail: string }[];
}
