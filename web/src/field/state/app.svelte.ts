// What the pages see of the phone's database, and what they can do with it. Every change is written first and read back
// after, here and in other open pages; nothing is shown that is not kept.

import { createApi, type Api } from '../../api/client';
import type { ChecklistDocument, Feedback, Me, VisitForShopper } from '../../api/types';
import type { Carried } from '../../domain/carry';
import { isKnown, MustUpdate } from '../../domain/format';
import { setMeta, type Db, type DraftRecord, type FeedbackRecord, type OutboxRecord } from '../../offline/db';
import { beginCorrection, beginDraft, beginFetched, discardDraft, lacksHandedIn } from '../../offline/drafts';
import { moveDraft } from '../../offline/draft-move';
import { uuidV7 } from '../../offline/ids';
import { isOpen, oldestFirst, unpark, type Version } from '../../offline/outbox';
import { dropOldComplete } from '../../offline/photos';
import { dropOldPictures } from '../../offline/pictures';
import { resume, signIn, signOut, watchUser } from '../../offline/session';
import { contextOf, type Context } from '../../offline/sync/context';
import { fetchHandedIn, type Fetching } from '../../offline/sync/handed-in';
import { NOT_YET, startOwner, type Owner, type SyncState } from '../../offline/sync/owner';
import { wakeLater } from './background';
import { storage } from './storage.svelte';

/** Messages between open pages of the app. */
type Message = 'data' | 'work';

class App {
  phase = $state<'starting' | 'signed_out' | 'ready' | 'broken' | 'outdated'>('starting');
  me = $state.raw<Me | null>(null);
  visits = $state.raw<VisitForShopper[]>([]);
  feedback = $state.raw<FeedbackRecord[]>([]);
  drafts = $state.raw<DraftRecord[]>([]);
  /** Newest first. */
  outbox = $state.raw<OutboxRecord[]>([]);
  /** The versions that are on the phone and understood, by SHA-256. */
  checklists = $state.raw<ReadonlyMap<string, ChecklistDocument>>(new Map());
  /** The versions that are here, but were written for a later version of this app. */
  too_new = $state.raw<ReadonlySet<string>>(new Set());
  /** The reference pictures that are on the phone, by SHA-256. */
  pictures = $state.raw<ReadonlySet<string>>(new Set());
  sync = $state.raw<SyncState>(NOT_YET);
  /** A clock for what depends on the time of day; moves once a minute. */
  now_ms = $state(Date.now());

  readonly open_items = $derived(this.outbox.filter(isOpen));
  readonly unread = $derived(
    this.feedback.filter((record) => !record.read_here && !record.value.read).length,
  );
  readonly session_ended = $derived(this.sync.last === 'signed_out');

  #context: Context | null = null;
  #owner: Owner | null = null;
  #difference_ms: number | undefined;
  readonly #channel = new BroadcastChannel('plainclothes-field');
  readonly api: Api = createApi({
    onServerTime: (server_time) => (this.#difference_ms = Math.round(Date.now() - Date.parse(server_time))),
  });

  /** The open database; only while somebody is signed in. */
  get db(): Db {
    return this.#line.db;
  }

  get #line(): Context {
    if (!this.#context) throw new Error('Nobody is signed in.');
    return this.#context;
  }

  async start(): Promise<void> {
    this.#channel.addEventListener('message', ({ data }: MessageEvent<Message>) => {
      if (data === 'work') this.#owner?.trigger();
      void this.#reload();
    });
    watchUser(
      () => this.me?.user,
      () => location.reload(),
    );
    // It may not be seen again before the browser ends it.
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'hidden') this.#wakeLater();
    });
    setInterval(() => (this.now_ms = Date.now()), 60_000);
    try {
      const known = await resume(this.#onOutdated);
      if (known) await this.#enter(known.db, known.me);
      else this.phase = 'signed_out';
    } catch {
      this.phase = 'broken';
    }
  }

  async signIn(email: string, password: string): Promise<void> {
    const { db, me } = await signIn(this.api, email, password, deviceName(), this.#onOutdated);
    this.#owner?.stop();
    this.#context?.db.close();
    await this.#enter(db, me);
    // Asked for now, before the first visit: afterwards there is something to lose.
    void storage.protect();
  }

  async signOut(): Promise<void> {
    this.#owner?.stop();
    this.#owner = null;
    const { db } = this.#line;
    this.#context = null;
    this.phase = 'signed_out';
    this.me = null;
    await signOut(this.api, db);
  }

  async #enter(db: Db, me: Me): Promise<void> {
    const context = (this.#context = contextOf(db, this.api));
    this.me = me;
    await dropOldComplete(db, Date.now());
    await dropOldPictures(db);
    await this.#reload();
    this.phase = 'ready';
    this.#owner = startOwner(
      context,
      (state) => {
        this.sync = state;
        if (state.running || this.#context !== context) return;
        if (this.#difference_ms !== undefined)
          void setMeta(db, 'clock', { difference_ms: this.#difference_ms });
        if (state.last === 'offline') this.#wakeLater();
      },
      () => void this.#changed(),
    );
  }

  /** What waits goes out with the app closed, where the browser can do that. */
  #wakeLater(): void {
    if (this.me && this.open_items.length > 0 && !this.session_ended) void wakeLater(this.me.user);
  }

  readonly #onOutdated = () => {
    this.phase = 'outdated';
  };

  syncNow(): void {
    this.#owner?.trigger();
  }

  /** Something was written here: show it, and tell the other pages. `work`: there is something to send. */
  async #changed(message: Message = 'data'): Promise<void> {
    this.#channel.postMessage(message);
    await this.#reload();
  }

  #reloading: Promise<void> | null = null;
  #reload_again = false;

  /** Reads everything anew; calls that come while it reads are answered by one more reading. */
  #reload(): Promise<void> {
    if (this.#reloading) {
      this.#reload_again = true;
      return this.#reloading;
    }
    this.#reloading = (async () => {
      do {
        this.#reload_again = false;
        await this.#read();
      } while (this.#reload_again);
    })().finally(() => (this.#reloading = null));
    return this.#reloading;
  }

  async #read(): Promise<void> {
    const context = this.#context;
    if (!context) return;
    const { db } = context;
    const [visits, feedback, drafts, outbox, texts, pictures] = await Promise.all([
      db.getAll('visits'),
      db.getAll('feedback'),
      db.getAll('drafts'),
      db.getAll('outbox'),
      db.getAll('checklists'),
      db.getAllKeys('pictures'),
    ]);
    if (this.#context !== context) return;
    const known = this.checklists;
    // A version never changes: what was parsed once stays.
    const versions = texts.map(
      ({ sha256, text }) => [sha256, known.get(sha256) ?? (JSON.parse(text) as ChecklistDocument)] as const,
    );
    this.checklists = new Map(versions.filter(([, document]) => isKnown(document)));
    this.too_new = new Set(versions.filter(([, document]) => !isKnown(document)).map(([sha256]) => sha256));
    this.pictures = new Set(pictures);
    this.visits = visits
      .map((record) => record.value)
      .sort(
        (a, b) => Date.parse(a.window.closes_at) - Date.parse(b.window.closes_at) || (a.id < b.id ? -1 : 1),
      );
    this.feedback = feedback.sort((a, b) => Date.parse(b.value.created_at) - Date.parse(a.value.created_at));
    this.drafts = drafts;
    this.outbox = oldestFirst(outbox).reverse();
  }

  visit(id: string): VisitForShopper | undefined {
    return this.visits.find((visit) => visit.id === id);
  }

  draftOf(visit: string): DraftRecord | undefined {
    return this.drafts.find((draft) => draft.visit === visit);
  }

  /** The newest audit of a visit that was finished on this phone. */
  finishedOf(visit: string): OutboxRecord | undefined {
    return this.outbox.find((item) => item.visit === visit);
  }

  /** Whether the newest word on the visit is one that was finished here, and not the audit that was returned. */
  handedIn(visit: VisitForShopper): boolean {
    const finished = this.finishedOf(visit.id);
    return finished !== undefined && !(visit.state === 'returned' && finished.audit === visit.audit);
  }

  /** Begins or goes on with a visit; says so to the agency if it has not been said. */
  async begin(visit: VisitForShopper): Promise<DraftRecord> {
    if (this.too_new.has(visit.checklist.sha256)) throw new MustUpdate(visit.checklist.slug);
    const draft = await (visit.state === 'returned' ? beginCorrection : beginDraft)(this.db, visit);
    if (visit.state === 'assigned') await this.#command('visit.accept', visit.id);
    await this.#changed();
    return draft;
  }

  /** Whether what a correction begins with has to be fetched first. */
  lacksHandedIn(visit: VisitForShopper): boolean {
    return lacksHandedIn(visit, this.drafts, this.outbox);
  }

  /** Begins a correction with what the server has of the returned audit. Fails as fetching does, or for lack of room. */
  async beginFetched(
    visit: VisitForShopper,
    fetching: Fetching,
  ): Promise<{ draft: DraftRecord; photos_gone: number }> {
    const handed_in = await fetchHandedIn(this.#line, visit.audit ?? '', fetching);
    const draft = await beginFetched(this.db, visit, handed_in.document, handed_in.photos);
    await this.#changed();
    return { draft, photos_gone: handed_in.photos_gone };
  }

  /** Answers with whether it was done; not when something was filled in since `draft` was shown. */
  async moveDraft(draft: DraftRecord, to: Version, carried: Carried): Promise<boolean> {
    const moved = await moveDraft(this.db, draft.audit, draft.revision, to, carried);
    await this.#changed();
    return moved;
  }

  async decline(visit: VisitForShopper): Promise<void> {
    await this.#command('visit.decline', visit.id);
    await this.db.delete('visits', visit.id);
    await this.#changed('work');
    this.syncNow();
  }

  async discard(audit: string): Promise<void> {
    await discardDraft(this.db, audit);
    await this.#changed();
  }

  async markRead(feedback: Feedback): Promise<void> {
    const record = await this.db.get('feedback', feedback.id);
    if (!record || record.read_here || record.value.read) return;
    await this.db.put('feedback', { ...record, read_here: true });
    await this.#command('feedback.read', feedback.id);
    await this.#changed('work');
    this.syncNow();
  }

  async unpark(audit: string): Promise<void> {
    await unpark(this.db, audit);
    await this.#changed('work');
    this.syncNow();
  }

  /** An audit was finished: it goes at once if it can. */
  async finished(): Promise<void> {
    await this.#changed('work');
    this.syncNow();
    this.#wakeLater();
  }

  /** A draft was changed by the form. */
  async drafted(): Promise<void> {
    if (this.#context) await this.#changed();
  }

  async #command(kind: 'visit.accept' | 'visit.decline' | 'feedback.read', subject: string): Promise<void> {
    const waiting = await this.db.getAll('commands');
    if (waiting.some((command) => command.kind === kind && command.subject === subject)) return;
    await this.db.add('commands', { id: uuidV7(), kind, subject });
  }
}

/** How the owner of the account recognises this phone in a list of devices. */
function deviceName(): string {
  const system = /Android|iPhone|iPad|Windows|Mac OS X|Linux/.exec(navigator.userAgent)?.[0] ?? 'Device';
  const browser =
    /Firefox|Edg|Chrome|Safari/.exec(navigator.userAgent)?.[0]?.replace('Edg', 'Edge') ?? 'browser';
  return `${system}, ${browser}`;
}

export const app = new App();
