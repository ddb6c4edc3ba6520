// Samples for tests of the phone's side: a checklist, a visit, and a phone with its own database.

import 'fake-indexeddb/auto';
import { createApi } from '../../api/client';
import type { ChecklistDocument, Question, VisitForShopper } from '../../api/types';
import { hex, sha256, utf8 } from '../bytes';
import { open, type Db } from '../db';
import { addPhoto, beginDraft, changeDraft } from '../drafts';
import { finish, type Version } from '../outbox';
import { contextOf, type Context } from '../sync/context';
import type { FakeServer } from './fake-server';

const question = (id: string, more: Partial<Question>): Question => ({
  id,
  type: 'yes_no',
  text: { en: id },
  service_share: 100,
  experience_share: 0,
  required: true,
  not_applicable: 'exclude',
  bonus: false,
  timer: false,
  points_milli: 1000,
  ...more,
});

export const CHECKLIST: ChecklistDocument = {
  format: 1,
  checklist: 'sample',
  version: 1,
  languages: ['en'],
  title: { en: 'Sample' },
  industry: 'retail',
  scoring: { not_applicable: 'exclude', unanswered_optional: 'exclude', bonus_cap: true },
  sections: [
    {
      id: 'one',
      title: { en: 'One' },
      weight: 1,
      questions: [
        question('greeted', {}),
        question('receipt', {
          type: 'photo',
          photo: { min: 0, max: 9 },
          required: false,
          points_milli: undefined,
        }),
      ],
    },
  ],
};

export const CHECKLIST_TEXT = JSON.stringify(CHECKLIST);

export async function checklistName(): Promise<string> {
  return hex(await sha256(utf8(CHECKLIST_TEXT)));
}

export async function sampleVersion(): Promise<Version> {
  return { sha256: await checklistName(), document: CHECKLIST };
}

export async function visit(id: string, more: Partial<VisitForShopper> = {}): Promise<VisitForShopper> {
  return {
    id,
    state: 'assigned',
    campaign_name: 'Autumn',
    client_name: 'Client',
    client_color: '#336699',
    location: {
      id: `at-${id}`,
      name: `Location ${id}`,
      address: 'Street 1',
      city: 'Town',
      time_zone: 'Europe/Amsterdam',
    },
    window: {
      opens_at: '2026-11-22T08:00:00Z',
      closes_at: '2026-11-22T20:00:00Z',
      local_opens: '2026-11-22T09:00',
      local_closes: '2026-11-22T21:00',
      time_zone: 'Europe/Amsterdam',
    },
    checklist: { sha256: await checklistName(), slug: 'sample', version: 1, title: { en: 'Sample' } },
    pay_minor: 2500,
    currency: 'EUR',
    ...more,
  };
}

let phones = 0;

/** A phone with a database of its own, on the line of this server. */
export async function phone(server: FakeServer): Promise<Context> {
  const db = await open(`user-${++phones}`);
  const context = contextOf(db, createApi({ fetch: server.fetch }));
  context.line.wait = () => Promise.resolve();
  return { ...context, now: () => new Date('2026-11-22T12:00:00Z') };
}

/** Bytes that are the same for the same seed. */
export function photoBytes(size_bytes: number, seed: number): ArrayBuffer {
  return new Uint8Array(size_bytes).map((_, at) => (at * 31 + seed * 17 + (at >> 8)) % 256).buffer;
}

/** Fills in and finishes an audit of a visit, with photos of these sizes. */
export async function handIn(
  db: Db,
  of: VisitForShopper,
  photo_sizes: readonly number[] = [],
): Promise<string> {
  const { audit } = await beginDraft(db, of);
  await changeDraft(db, audit, (draft) => {
    draft.answers['greeted'] = { value: true };
  });
  for (const [at, size_bytes] of photo_sizes.entries()) {
    const bytes = photoBytes(size_bytes, at + of.id.length);
    await addPhoto(db, audit, 'receipt', {
      bytes,
      type: 'image/jpeg',
      taken_at: '2026-11-22T12:00:00.000+01:00',
    });
  }
  await finish(db, audit, await sampleVersion(), 'en', 'test');
  return audit;
}
