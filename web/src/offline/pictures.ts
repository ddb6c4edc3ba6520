// Reference pictures on the phone: which ones the checklists on it name, which are lacking, which can go. They can always be
// fetched again, so they never stand in the way of what was made here. Not here: fetching them (sync/steps.ts).

import type { ChecklistDocument } from '../api/types';
import { isKnown } from '../domain/format';
import type { Db } from './db';
import { wantedChecklists } from './feed';

/** What a version names. A version never changes: it is read once. */
const named_by = new Map<string, readonly string[]>();

/** Every picture that the checklist of an open visit or a draft names. */
async function wantedPictures(db: Db): Promise<Set<string>> {
  const wanted = new Set<string>();
  for (const version of await wantedChecklists(db)) {
    let names = named_by.get(version);
    if (!names) {
      const record = await db.get('checklists', version);
      if (!record) continue;
      names = picturesOf(JSON.parse(record.text) as ChecklistDocument);
      named_by.set(version, names);
    }
    for (const name of names) wanted.add(name);
  }
  return wanted;
}

function picturesOf(document: ChecklistDocument): string[] {
  if (!isKnown(document)) return [];
  const questions = document.sections.flatMap((section) => section.questions);
  return questions.flatMap((question) => (question.pictures ?? []).map((picture) => picture.sha256));
}

/** Those that are wanted and not here yet. */
export async function lackingPictures(db: Db): Promise<string[]> {
  const wanted = await wantedPictures(db);
  for (const name of await db.getAllKeys('pictures')) wanted.delete(name);
  return [...wanted];
}

/** Lets go of those that no open visit and no draft wants any more. */
export async function dropOldPictures(db: Db): Promise<void> {
  const wanted = await wantedPictures(db);
  for (const name of await db.getAllKeys('pictures'))
    if (!wanted.has(name)) await db.delete('pictures', name);
}

/** Lets go of all of them, for room; returns the bytes that were freed. */
export async function dropPictures(db: Db): Promise<number> {
  const pictures = await db.getAll('pictures');
  await db.clear('pictures');
  return pictures.reduce((sum, picture) => sum + picture.bytes.byteLength, 0);
}
