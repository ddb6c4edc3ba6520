// What the server says and takes, as TypeScript: the shapes of everything between server, phone and desk,
// under the names that the API document uses. Types only; nothing here runs.
// Instants are RFC 3339 UTC strings; `_micros` are millionths of 1 (875000 = 87.5 %); `_milli` are thousandths of a point.

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
}
export interface Section {
  id: string;
  title: Text;
  weight: number;
  questions: Question[];
}
export interface ChecklistDocument {
  format: 1;
  checklist: string;
  version: number;
  languages: string[];
  title: Text;
  industry: string;
  brief?: Text;
  scenario?: Text;
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
  // duration ms; money minor units; count integer; text string; date "2026-11-22"; time "13:05"; emotion 1..5; recommend 0..10
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

// ---------- session ----------
export type Role = 'shopper' | 'reviewer' | 'admin' | 'manager' | 'client';
export interface Grant {
  role: Role;
  client?: string;
  client_name?: string;
  region?: string;
  region_name?: string;
}
export interface Me {
  user: string;
  email: string;
  display_name: string;
  agency: string;
  agency_name: string;
  locale: string;
  grants: Grant[];
}
// POST /api/v1/sessions {email,password,device_name} -> 201 {token, me: Me} and sets the cookie; 401 problem code 'wrong_credentials'
// GET /api/v1/sessions/current -> Me ; DELETE /api/v1/sessions/current -> 204
export interface SessionCreated {
  token: string;
  me: Me;
}

// ---------- sync (paths under /api/v1) ----------
export type VisitState = 'assigned' | 'accepted' | 'submitted' | 'returned' | 'approved' | 'rejected';
export interface VisitForShopper {
  id: string;
  state: VisitState;
  campaign_name: string;
  client_name: string;
  client_color: string;
  location: {
    id: string;
    name: string;
    address: string;
    city: string;
    time_zone: string;
    latitude_e7?: number;
    longitude_e7?: number;
    phone?: string;
  };
  window: {
    opens_at: string;
    closes_at: string;
    local_opens: string;
    local_closes: string;
    time_zone: string;
  }; // local_* "2026-11-22T11:00"
  checklist: { sha256: string; slug: string; version: number; title: Text };
  brief?: string;
  pay_minor: number;
  currency: string;
  audit?: string; // newest audit received for this visit
}
export interface Feedback {
  id: string;
  visit: string;
  audit: string;
  outcome: 'approved' | 'returned' | 'rejected';
  message: string;
  comments: { question: string; text: string }[];
  location_name: string;
  created_at: string;
  read: boolean;
  total_micros: number | null;
  service_micros: number | null;
  experience_micros: number | null; // of the audit
}
export type Change =
  | { kind: 'visit'; id: string; rev: number; op: 'put'; value: VisitForShopper }
  | { kind: 'feedback'; id: string; rev: number; op: 'put'; value: Feedback }
  | {
      kind: 'visit' | 'feedback';
      id: string;
      rev: number;
      op: 'del';
      reason: 'reassigned' | 'withdrawn' | 'expired' | 'access_revoked';
    };
// GET /sync/changes?cursor=&limit= (limit 1..500, default 200)
export interface Changes {
  epoch: string;
  reset: boolean;
  cursor: string;
  more: boolean;
  changes: Change[];
  check: { count: number; sum: string };
}
// check: count of live (op put) entries held; sum = 16 hex digits, XOR over them of the first 8 bytes (big endian) of SHA-256("kind:id:rev")
export interface Receipt {
  audit: string;
  sha256: string;
  epoch: string;
  number: number;
  received_at: string;
  state: 'stored' | 'complete' | 'quarantined';
  photos_missing: string[];
  signature: string; // "ed25519:<base64>" over the receipt's JSON without this member
}
// PUT /audits/{id}: body = the document's exact bytes, headers Content-Type: application/json, Content-Digest: sha-256=:base64:
//   201 | 200 -> Receipt ; 202 -> Quarantined ; problems otherwise
export interface Quarantined {
  audit: string;
  sha256: string;
  reason:
    | 'audit_id_reused'
    | 'unknown_checklist'
    | 'schema_refused'
    | 'visit_withdrawn'
    | 'stale_supersedes'
    | 'unknown_visit'
    | 'malformed_document';
  errors: { pointer: string; message: string }[];
  receipt: Receipt;
}
// POST /sync/offer
export interface OfferRequest {
  items: { audit: string; sha256: string; photos: string[] }[];
  outbox: { audits: number; photos: number; photo_bytes: number; oldest?: string };
}
export interface OfferAnswer {
  epoch: string;
  items: {
    audit: string;
    state: 'unknown' | 'stored' | 'complete' | 'quarantined';
    receipt?: Receipt;
    photos_needed: string[];
    partial: Record<string, number>;
  }[];
}
// POST /sync/commands {commands:[{id, kind:'visit.accept'|'visit.decline'|'feedback.read', subject: uuid}]} -> {results:[{id, outcome:'done'|'refused', code?, detail?}]}
// tus 1.0: OPTIONS|POST /photos, HEAD|PATCH|DELETE /photos/{sha256}; Upload-Metadata: sha256 <base64 of hex>,filetype <base64>; chunk <= 5 MiB
// (shoppers read reference data only through the feed and GET /checklists/{sha256})
// Every answer carries `Server-Time` (RFC 3339, ms).
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  request_id: string;
  retry: 'now' | 'later' | 'after_login' | 'after_update' | 'park';
  errors?: { pointer: string; message: string }[];
  limit?: { name: string; value: number; unit: string };
  offset?: number;
}

// ---------- desk: review (reviewer, admin) ----------
export type AuditState = 'submitted' | 'returned' | 'approved' | 'rejected' | 'superseded';
export interface ReviewItem {
  id: string;
  client_name: string;
  location_name: string;
  location_city: string;
  campaign_name: string;
  checklist_slug: string;
  shopper_name: string;
  state: AuditState;
  complete: boolean;
  photos_total: number;
  photos_stored: number;
  flags: string[]; // duplicate_visit, score_mismatch, clock_skew, outside_window, photo_reused, fast_fill
  total_micros: number | null;
  service_micros: number | null;
  experience_micros: number | null;
  failed: boolean;
  finished_at: string;
  received_at: string;
}
// GET /audits?state=submitted&client=&location=&limit=50&after=<opaque> -> Page<ReviewItem>
export interface Page<T> {
  items: T[];
  next?: string;
  total: number;
}
export interface AuditPhoto {
  sha256: string;
  question: string;
  stored: boolean;
  waived: boolean;
  width_px?: number;
  height_px?: number;
  taken_at?: string;
  size_bytes?: number;
}
export interface AuditDetail extends ReviewItem {
  visit: string;
  location: string;
  client: string;
  supersedes?: string;
  superseded_by?: string;
  visit_window: { local_opens: string; local_closes: string; time_zone: string };
  started_at: string;
  elapsed_ms: number;
  language: string;
  checklist: ChecklistDocument;
  answers: Record<string, Answer>;
  score: Score;
  phone_score: AuditDocument['score'];
  photos: AuditPhoto[];
  reviews: {
    at: string;
    by: string;
    outcome: 'approved' | 'returned' | 'rejected';
    message: string;
    comments: { question: string; text: string }[];
  }[];
  receipt_number: number;
  sha256: string;
}
// GET /audits/{id} -> AuditDetail
// GET /audits/{id}/photos/{sha256}/{variant}  variant: original | 1280 | 320  (image bytes)
// POST /audits/{id}/approve {message?} ; /return {message, comments:[{question,text}]} ; /reject {message} -> AuditDetail
//   409 code 'audit_incomplete' when photos are missing; 409 'wrong_state'
// POST /audits/{id}/photos/{sha256}/waive {reason} -> AuditDetail
// GET /quarantine -> Page<QuarantineItem>; GET /quarantine/{number} -> QuarantineItem & {body: string}
export interface QuarantineItem {
  number: number;
  audit: string;
  shopper_name: string;
  reason: string;
  errors: { pointer: string; message: string }[];
  received_at: string;
  size_bytes: number;
}

// ---------- desk: admin ----------
// GET /visits?state=&limit=&after= -> Page<VisitRow>; POST /visits {campaign, location, shopper, local_opens, local_closes} -> VisitRow
// POST /visits/{id}/assign {shopper} ; POST /visits/{id}/withdraw {reason}
export interface VisitRow {
  id: string;
  campaign_name: string;
  client_name: string;
  location_name: string;
  location_city: string;
  shopper?: string;
  shopper_name?: string;
  state: VisitState | 'withdrawn' | 'open';
  local_opens: string;
  local_closes: string;
  time_zone: string;
  pay_minor: number;
  currency: string;
}
// GET /people -> {items: Person[]}; GET /campaigns -> {items: Campaign[]}
export interface Person {
  id: string;
  display_name: string;
  email: string;
  grants: Grant[];
  outbox?: { audits: number; photos: number; photo_bytes: number; oldest?: string; reported_at: string };
}
export interface Campaign {
  id: string;
  name: string;
  client: string;
  client_name: string;
  checklist_slug: string;
  checklist_sha256: string;
  visits_min: number;
  starts_on: string;
  ends_on: string;
  pay_minor: number;
  currency: string;
}

// ---------- desk: manager & client (never anything of the shopper) ----------
export interface Client {
  id: string;
  name: string;
  color: string;
  checklists: { slug: string; title: Text }[];
}
export interface Region {
  id: string;
  client: string;
  parent?: string;
  name: string;
  depth: number;
}
export interface LocationRow {
  id: string;
  client: string;
  region: string;
  region_name: string;
  name: string;
  code: string;
  city: string;
  time_zone: string;
}
// GET /clients -> {items: Client[]}; GET /regions?client= -> {items: Region[]}; GET /locations?client=&region= -> {items: LocationRow[]}
// GET /rankings?client=&checklist=<slug>&from=YYYY-MM-DD&to=YYYY-MM-DD&region= -> Ranking   (from/to are local days, both inclusive)
export interface Ranking {
  client: string;
  checklist_slug: string;
  checklist_title: Text;
  from: string;
  to: string;
  region?: string;
  visits_min: number;
  audits: number;
  interval_level: number; // 0.9
  model: { mean_micros: number; tau2: number; sigma2: number; method: 'reml' | 'fallback'; note: string }; // tau2, sigma2 in (percentage points)^2
  rows: RankingRow[]; // ordered by rank; those under visits_min last, with rank null
}
export interface RankingRow {
  location: string;
  name: string;
  city: string;
  region: string;
  region_name: string;
  n: number;
  mean_micros: number;
  service_micros: number | null;
  experience_micros: number | null;
  balanced_micros: number | null;
  estimate_micros: number;
  low_micros: number;
  high_micros: number; // shrunk estimate and its 90 % interval
  rank: number | null;
  rank_low: number | null;
  rank_high: number | null;
  tie_band: number | null;
  p_top: number | null;
  p_bottom: number | null; // probability of the top / bottom tenth
  visits_needed: number; // 0 when placed
  movement: { estimate_change_micros: number; probability: number } | null; // against the previous period of the same length
}
// GET /locations/{id}/summary?checklist=&from=&to= -> LocationSummary
export interface LocationSummary {
  location: LocationRow;
  client_name: string;
  checklist_slug: string;
  ranking_row: RankingRow | null;
  of: number;
  sections: {
    id: string;
    title: Text;
    n: number;
    mean_micros: number | null;
    service_micros: number | null;
    experience_micros: number | null;
    region_mean_micros: number | null;
  }[];
  history: {
    audit: string;
    local_day: string;
    total_micros: number | null;
    service_micros: number | null;
    experience_micros: number | null;
    failed: boolean;
  }[];
}
// GET /published-audits?client=&location=&region=&from=&to=&limit=&after= -> Page<PublishedAudit>
export interface PublishedAudit {
  id: string;
  location: string;
  location_name: string;
  location_city: string;
  region_name: string;
  client_name: string;
  checklist_slug: string;
  checklist_title: Text;
  local_day: string;
  total_micros: number | null;
  service_micros: number | null;
  experience_micros: number | null;
  balanced_micros: number | null;
  failed: boolean;
  photos: number;
  published_on: string;
}
// `id` is made by the server at publication; `local_day` only (no time of day).
// GET /published-audits/{id} -> PublishedAuditDetail
export interface PublishedAuditDetail extends PublishedAudit {
  sections: {
    id: string;
    title: Text;
    micros: number | null;
    service_micros: number | null;
    experience_micros: number | null;
    questions: {
      id: string;
      text: Text;
      answer: string;
      not_applicable: boolean;
      earned_milli: number;
      possible_milli: number;
      scored: boolean;
      comment?: string;
      photos: number[];
    }[];
  }[];
}
// GET /published-audits/{id}/photos/{number}/{320|1280} (number from 1) ; GET /published-audits/{id}/report.pdf
