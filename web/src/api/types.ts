// What the server says and takes, as TypeScript: the shapes of everything between server, phone and desk,
// under the names that the API document uses. Types only; nothing here runs.
// Instants are RFC 3339 UTC strings; `_micros` are millionths of 1 (875000 = 87.5 %); `_milli` are thousandths of a point.

import type { components } from './schema';

export type Text = Record<string, string>; // language tag -> text; languages[0] of the checklist is the fallback

// ---------- checklist document: canonical JSON of a version, GET /api/v1/checklists/{sha256} ----------
export type QuestionType =
  | 'yes_no'
  | 'choice'
  | 'multi_choice'
  | 'scale'
  | 'number'
  | 'duration'
  | 'money'
  | 'count'
  | 'text'
  | 'date'
  | 'time'
  | 'photo'
  | 'emotion'
  | 'recommend'
  | 'location_check'
  | 'heading';
export type NaPolicy = 'exclude' | 'pass' | 'zero' | 'fail' | 'not_allowed';
export interface Critical {
  // exactly one effect
  effect: 'fail_section' | 'fail_audit' | 'zero_section' | 'zero_audit' | 'cap_audit';
  cap_micros?: number; // only with cap_audit (YAML: cap_audit_at: 60 -> 600000)
}
export type Condition =
  | { all: Condition[] }
  | { any: Condition[] }
  | { not: Condition }
  | { question: string; equals: Scalar }
  | { question: string; not_equals: Scalar }
  | { question: string; one_of: Scalar[] }
  | { question: string; contains: string } // contains: multi_choice
  | { question: string; at_least: number }
  | { question: string; at_most: number }
  | { question: string; answered: boolean };
export type Scalar = string | number | boolean;
export interface Band {
  up_to?: number;
  points_milli: number;
} // up_to in the question's unit, inclusive; the last band has none
export interface Option {
  id: string;
  text: Text;
  points_milli: number;
  critical?: Critical;
  exclusive?: true; // multi_choice: chosen alone, as 'none of these'
}
/** A reference picture: GET /api/v1/checklists/pictures/{sha256}. */
export interface Picture {
  sha256: string;
  type: string; // image/jpeg, image/png or image/webp
  size_bytes: number;
  text: Text; // the caption, and what is read aloud in the picture's place
}
export interface Question {
  id: string;
  type: QuestionType;
  text: Text;
  help?: Text;
  service_share: number; // 0..100, percent of this question's points that speak for service
  experience_share: number; // 0..100; both 0 = asked, not scored ("none")
  required: boolean; // default true (heading: false; text: false)
  required_if?: Condition; // replaces `required` when present
  not_applicable: NaPolicy; // resolved; 'not_allowed' hides the N/A control
  bonus: boolean; // earned only, adds nothing to possible
  show_if?: Condition;
  points_milli?: number; // yes_no, money, emotion, recommend, photo, count/number/duration without bands: see scoring below
  expect?: boolean; // yes_no: the answer that earns the points (default true)
  critical?: Critical; // yes_no: applies when the answer is not the expected one; money: when outside tolerance
  options?: Option[]; // choice, multi_choice; scale and emotion: see `steps`
  steps?: { text: Text; points_milli: number }[]; // scale: answer value is the 1-based step; emotion: optional, five entries
  bands?: Band[]; // number, duration, money, count, recommend
  max_points_milli?: number; // multi_choice cap
  expected_minor?: number; // money: what the bill should say, minor units
  tolerance_minor?: number; // money
  currency?: string; // money, ISO 4217
  unit?: Text; // number, count
  decimals?: number; // number: 0..3 decimals offered for input
  minimum?: number;
  maximum?: number; // number (thousandths), count, money (minor), duration (ms): refused outside
  words_min?: number;
  characters_max?: number; // text
  timer: boolean; // duration: offer a stopwatch
  photo?: { min: number; max: number; if?: Condition }; // photos attached to this question; type photo: always present
  // from here on only in format 2
  recovery?: true; // its points also make the recovery score
  trap?: true; // somebody at the agency knows the right answer; shown like any other question
  pictures?: Picture[]; // what is meant, in pictures
  since?: string; // emotion: the earlier emotion question that this one is compared with; `bands` are then of the change, -4..4
  within_m?: number; // location_check: what counts as 'there', metres
}
export interface Section {
  id: string;
  title: Text;
  weight: number;
  questions: Question[];
}
export interface ChecklistDocument {
  format: 1 | 2; // what else there is, is not read: domain/format.ts
  checklist: string;
  version: number;
  languages: string[]; // every text is there in each
  partial_languages?: string[]; // texts may be missing: they fall back (domain/language.ts)
  title: Text;
  industry: string;
  brief?: Text;
  scenario?: Text;
  follows?: { checklist: string; days_max?: number }; // this is the second leg of two
  scoring: {
    not_applicable: NaPolicy;
    unanswered_optional: 'exclude' | 'zero';
    bonus_cap: boolean;
    pass_mark_micros?: number;
  };
  sections: Section[];
}

// ---------- the audit document: what PUT /api/v1/audits/{id} carries; made once, bytes never re-serialised ----------
export interface Answer {
  value?: Scalar | string[]; // yes_no boolean; choice option id; multi_choice option ids; scale 1-based step; number thousandths (integer);
  // duration ms; money minor units; count integer; text string; date "2026-11-22"; time "13:05"; emotion 1..5; recommend 0..10;
  // location_check whole metres from the location
  accuracy_m?: number; // location_check: how sure the phone was of its place, whole metres, beside `value`
  not_applicable?: true; // instead of value
  comment?: string;
  photos?: string[]; // sha256 hex, in order; photo questions have only these
  recorded_at?: string; // RFC 3339 with the phone's offset
}
export interface AuditDocument {
  format: 1;
  audit: string; // UUIDv7 made on the phone
  visit: string;
  checklist: string; // sha256 of the version
  supersedes?: string; // audit id that this one corrects
  started_at: string;
  finished_at: string; // RFC 3339 with offset
  elapsed_ms: number; // monotonic
  server_time_difference_ms?: number; // phone minus server, last estimate
  language: string;
  answers: Record<string, Answer>; // only shown questions; hidden ones' earlier answers are not sent
  photos: { sha256: string; size_bytes: number; type: string; taken_at?: string }[]; // every photo named above
  score: {
    total_micros: number | null;
    service_micros: number | null;
    experience_micros: number | null;
    recovery_micros?: number | null; // only where the checklist has recovery questions
    engine: number;
  };
  app_version: string;
}

// ---------- scores ----------
export interface Score {
  engine: number; // 1
  total_micros: number | null;
  service_micros: number | null;
  experience_micros: number | null;
  balanced_micros: number | null; // min(service, experience) where both exist
  recovery_micros?: number | null; // there only when the checklist has recovery questions
  failed: boolean;
  passed: boolean | null; // passed: null without pass mark
  sections: {
    id: string;
    micros: number | null;
    service_micros: number | null;
    experience_micros: number | null;
    failed: boolean;
  }[];
  trace: { question: string; earned_milli: number; possible_milli: number; why: Why }[]; // every question in order
}
export type Why =
  | 'scored'
  | 'bonus'
  | 'not_scored'
  | 'hidden'
  | 'unanswered'
  | 'unanswered_zero'
  | 'na_excluded'
  | 'na_pass'
  | 'na_zero'
  | 'na_fail';

// ---------- what the API says, narrowed from the generated types ----------
// OpenAPI says `string` where the code knows the few words, and `object` for documents that a checklist describes. `Narrow` puts
// those back; a member that the API does not have, or has as something else, does not compile.
type Schemas = components['schemas'];
type Narrow<Name extends keyof Schemas, Known extends Partial<Record<keyof Schemas[Name], unknown>>> = Omit<
  Schemas[Name],
  keyof Known
> &
  Known;

export type Role = Schemas['Role'];
export type Grant = Schemas['Grant'];
export type Me = Schemas['Me'];
export type SessionCreated = Schemas['SessionCreated'];

export type VisitState = 'assigned' | 'accepted' | 'submitted' | 'returned' | 'approved' | 'rejected';
export type Outcome = 'approved' | 'returned' | 'rejected';
export type FirstLeg = Schemas['FirstLeg'];
export type VisitForShopper = Narrow<'VisitForShopper', { state: VisitState }> & {
  follows?: FirstLeg | null;
};
/** `work_…` is of work that was no audit, told with the newest audit of the same visit. */
export type FeedbackOutcome = Outcome | 'placed' | 'work_accepted' | 'work_rejected';
export type Feedback = Narrow<'Feedback', { outcome: FeedbackOutcome }>;
type Gone = { op: 'del'; reason: 'reassigned' | 'withdrawn' | 'expired' | 'access_revoked' };
export type Change =
  | Narrow<'Change', { kind: 'visit'; op: 'put'; value: VisitForShopper }>
  | Narrow<'Change', { kind: 'feedback'; op: 'put'; value: Feedback }>
  | Narrow<'Change', { kind: 'visit' | 'feedback' } & Gone>;
export type Changes = Narrow<'Changes', { changes: Change[] }>;
export type Receipt = Narrow<'Receipt', { state: 'stored' | 'complete' | 'quarantined' }>;
export type QuarantineReason =
  | 'audit_id_reused'
  | 'unknown_checklist'
  | 'schema_refused'
  | 'visit_withdrawn'
  | 'stale_supersedes'
  | 'unknown_visit'
  | 'malformed_document';
export type Quarantined = Narrow<'Quarantined', { reason: QuarantineReason; receipt: Receipt }>;
export type OfferRequest = Schemas['OfferRequest'];
export type OfferedItem = Narrow<
  'OfferedItem',
  {
    state: 'unknown' | 'stored' | 'complete' | 'quarantined';
    receipt?: Receipt;
    partial: Record<string, number>;
  }
>;
export type OfferAnswer = Narrow<'OfferAnswer', { items: OfferedItem[] }>;
export type Problem = Schemas['Problem'];

// review
export type AuditState = 'submitted' | 'returned' | 'approved' | 'rejected' | 'superseded';
export type ReviewItem = Narrow<'ReviewItem', { state: AuditState }>;
export interface Page<T> {
  items: T[];
  next?: string;
  total: number;
}
export type AuditPhoto = Schemas['AuditPhoto'];
export type Review = Narrow<'Review', { outcome: Outcome }>;
export type AuditDetail = Narrow<
  'AuditDetail',
  {
    state: AuditState;
    checklist: ChecklistDocument;
    answers: Record<string, Answer>;
    score: Score;
    phone_score: AuditDocument['score'];
    reviews: Review[];
  }
>;

// admin
export type VisitRow = Narrow<'VisitRow', { state: VisitState | 'withdrawn' | 'open' }>;
export type Person = Schemas['Person'];
export type Campaign = Schemas['Campaign'];

// managers and clients
export type Client = Schemas['Client'];
export type Region = Schemas['Region'];
export type LocationRow = Schemas['LocationRow'];
export type Ranking = Schemas['Ranking'];
export type RankingRow = Schemas['RankingRow'];
export type LocationSummary = Schemas['LocationSummary'];
export type PublishedAudit = Schemas['PublishedAudit'];
export type PublishedAuditDetail = Schemas['PublishedAuditDetail'];
/** `stale` only of a single one. */
export type Bundle = Omit<Schemas['Bundle'], 'state'> & {
  state: 'waiting' | 'working' | 'ready' | 'failed';
};
export type AskForBundle = Schemas['AskForBundle'];
