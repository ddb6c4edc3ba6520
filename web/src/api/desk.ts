// What the server says to the agency's desk and to nobody else: versions of checklists, moves of campaigns, right answers to
// traps, what-ifs, the quarantine. Types only; nothing here runs. What phones share is in types.ts.

import type { components } from './schema';
import type { Answer, Page, QuarantineReason, Scalar, VisitState } from './types';

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
export type WhatIf = Omit<Schemas['WhatIf'], 'state'> & { state: 'waiting' | 'running' | 'done' | 'failed' };

// ---------- the program itself
export type Job = Schemas['JobView'];
export type JobsPage = Page<Job> & Pick<Schemas['JobsPage'], 'kinds'>;
export type Webhook = Schemas['Webhook'];
export type TriedWebhook = Schemas['TriedWebhook'];

// ---------- quarantine
export type Settled = Omit<Schemas['Settled'], 'outcome'> & {
  outcome: 'placed' | 'accepted' | 'rejected';
};
export type QuarantineItem = Omit<Schemas['QuarantineItem'], 'reason' | 'settled'> & {
  reason: QuarantineReason;
  settled?: Settled | null;
};
export type QuarantineVisit = Omit<Schemas['QuarantineVisit'], 'state'> & {
  state: VisitState | 'withdrawn' | 'open';
};
export type QuarantineDetail = Omit<Schemas['QuarantineDetail'], keyof QuarantineItem | 'visit'> &
  QuarantineItem & {
    /** The visit that it names, if the agency has it. */
    visit: QuarantineVisit | null;
  };

// ---------- photos as evidence
export type Redaction = Schemas['Redaction'];
export type PhotoOfPair = Schemas['PhotoOfPair'];
export type PhotoPair = Omit<Schemas['PhotoPair'], 'state'> & { state: 'open' | 'dismissed' | 'confirmed' };

// ---------- outbox import
type Outcome<Item, Names> = Omit<Item, 'outcome'> & { outcome: Names };
export type ImportedAudit = Outcome<
  Schemas['ImportedAudit'],
  'placed' | 'quarantined' | 'already' | 'refused'
>;
export type ImportedPhoto = Outcome<Schemas['ImportedPhoto'], 'stored' | 'already' | 'refused'>;
export type Imported = Omit<Schemas['Imported'], 'audits' | 'photos'> & {
  audits: ImportedAudit[];
  photos: ImportedPhoto[];
};
