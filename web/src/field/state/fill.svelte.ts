// The form being filled in: what is answered, what is shown, how it scores. Every change is kept at once.
// Not here: how questions look, and what finishing means (offline/outbox).

import type { Answer, ChecklistDocument } from '../../api/types';
import { progress } from '../../domain/progress';
import { score } from '../../domain/scoring/score';
import { elapsed, start, STOPPED, stop, type Reading, type Stopwatch } from '../../domain/stopwatch';
import type { Db, DraftRecord } from '../../offline/db';
import { addPhoto, changeDraft, removePhoto, type TakenPhoto } from '../../offline/drafts';
import { recordedAt } from '../../offline/ids';

/** Both clocks now; the page is named by when it began. */
export function reading(): Reading {
  return { wall_ms: Date.now(), mono_ms: performance.now(), page: String(performance.timeOrigin) };
}

export class Fill {
  draft: DraftRecord;
  /** The last change could not be kept. */
  save_failed = $state(false);

  /** SHA-256 of the version that is shown; the draft may be moved to another meanwhile. */
  readonly version: string;
  readonly progress;
  readonly score;

  readonly #db: Db;
  #pending = 0;
  /** Changes that could not be kept: tried again with each that follows. */
  #unkept: ((draft: DraftRecord) => void)[] = [];
  /** Until when, by the page's monotonic clock, time with the form open has been counted. */
  #counted_ms = performance.now();

  constructor(
    db: Db,
    draft: DraftRecord,
    readonly document: ChecklistDocument,
  ) {
    this.#db = db;
    this.version = draft.checklist;
    this.draft = $state.raw(draft);
    this.progress = $derived(progress(document, this.draft.answers));
    this.score = $derived(score(document, this.draft.answers));
  }

  answer(question: string): Answer {
    return this.draft.answers[question] ?? {};
  }

  /** What its control shows. While the question does not apply that is nothing, though the value is kept. */
  value(question: string): Answer['value'] {
    const answer = this.answer(question);
    return answer.not_applicable ? undefined : answer.value;
  }

  photos(question: string): readonly string[] {
    const answer = this.answer(question);
    return answer.not_applicable ? [] : (answer.photos ?? []);
  }

  stopwatch(question: string): Stopwatch {
    return this.draft.stopwatches[question] ?? STOPPED;
  }

  /** Questions whose stopwatch runs. */
  readonly running = $derived.by(() =>
    Object.entries(this.draft.stopwatches).flatMap(([question, watch]) => (watch.since ? [question] : [])),
  );

  /** Sets the value; undefined takes it back. Who answers says that the question applies. */
  setValue(question: string, value: Answer['value']): Promise<void> {
    return this.#answer(question, (answer) => {
      delete answer.not_applicable;
      delete answer.accuracy_m;
      if (value === undefined) delete answer.value;
      else answer.value = value;
    });
  }

  /** How far from the location the phone is, and how sure of it: the place itself is not kept. */
  setDistance(question: string, value_m: number, accuracy_m: number): Promise<void> {
    return this.#answer(question, (answer) => {
      delete answer.not_applicable;
      answer.value = value_m;
      answer.accuracy_m = accuracy_m;
    });
  }

  /** The value stays beside it, unseen and unsent, so that a slip of the thumb costs nothing. */
  setNotApplicable(question: string, not_applicable: boolean): Promise<void> {
    return this.#answer(question, (answer) => {
      if (not_applicable) answer.not_applicable = true;
      else delete answer.not_applicable;
    });
  }

  setComment(question: string, comment: string): Promise<void> {
    return this.#answer(question, (answer) => {
      if (comment === '') delete answer.comment;
      else answer.comment = comment;
    });
  }

  /** A time that was typed stands in place of one that was measured. */
  setTyped(question: string, value_ms: number | undefined): Promise<void> {
    return this.#change((draft) => {
      delete draft.stopwatches[question];
      const answer = (draft.answers[question] ??= {});
      delete answer.not_applicable;
      if (value_ms === undefined) delete answer.value;
      else answer.value = value_ms;
      answer.recorded_at = recordedAt();
    });
  }

  startStopwatch(question: string): Promise<void> {
    const now = reading();
    return this.#change((draft) => {
      draft.stopwatches[question] = start(draft.stopwatches[question] ?? STOPPED, now);
    });
  }

  /** Stops, and answers with the time measured. */
  stopStopwatch(question: string): Promise<void> {
    const now = reading();
    return this.#change((draft) => {
      const watch = stop(draft.stopwatches[question] ?? STOPPED, now);
      draft.stopwatches[question] = watch;
      const answer = (draft.answers[question] ??= {});
      delete answer.not_applicable;
      answer.value = Math.round(watch.earlier_ms);
      answer.recorded_at = recordedAt();
    });
  }

  resetStopwatch(question: string): Promise<void> {
    return this.#change((draft) => {
      delete draft.stopwatches[question];
      delete draft.answers[question]?.value;
    });
  }

  elapsed(question: string, now: Reading): number {
    return elapsed(this.stopwatch(question), now);
  }

  async addPhoto(question: string, taken: TakenPhoto): Promise<void> {
    await addPhoto(this.#db, this.draft.audit, question, taken);
    await this.refresh();
  }

  async removePhoto(question: string, name: string): Promise<void> {
    await removePhoto(this.#db, this.draft.audit, question, name);
    await this.refresh();
  }

  /** Remembers which question is looked at, and counts the time. */
  lookAt(question: string | undefined): Promise<void> {
    return this.#change((draft) => {
      if (question !== undefined) draft.at = question;
    });
  }

  /** The page is seen again: the time while it was not does not count. */
  resume(): void {
    this.#counted_ms = performance.now();
  }

  /** Another page may have changed the draft. */
  async refresh(): Promise<void> {
    const now = await this.#db.get('drafts', this.draft.audit);
    if (now && this.#pending === 0 && now.revision > this.draft.revision) this.draft = now;
  }

  #answer(question: string, change: (answer: Answer) => void): Promise<void> {
    return this.#change((draft) => {
      const answer = (draft.answers[question] ??= {});
      change(answer);
      answer.recorded_at = recordedAt();
    });
  }

  /** Shows the change at once and keeps it; what is kept is the draft as it is then, with the same change. */
  async #change(change: (draft: DraftRecord) => void): Promise<void> {
    const shown = structuredClone(this.draft);
    change(shown);
    this.draft = shown;
    const now_ms = performance.now();
    const spent_ms = document.visibilityState === 'visible' ? now_ms - this.#counted_ms : 0;
    this.#counted_ms = now_ms;
    this.#pending += 1;
    const changes = [...this.#unkept.splice(0), change];
    try {
      const kept = await changeDraft(this.#db, this.draft.audit, (draft) => {
        for (const one of changes) one(draft);
        draft.elapsed_ms += Math.max(0, spent_ms);
      });
      this.save_failed = kept === undefined;
      if (kept && this.#pending === 1) this.draft = kept;
    } catch {
      this.#unkept.unshift(...changes);
      this.save_failed = true;
    } finally {
      this.#pending -= 1;
    }
  }
}
