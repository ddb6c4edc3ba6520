// Moves a draft to another version of its checklist, as its shopper has seen it in the preview (domain/carry.ts).
// Until then nothing of the draft changes.

import type { Carried } from '../domain/carry';
import type { Db } from './db';
import { changeDraft } from './drafts';
import type { Version } from './outbox';
import { dropUnnamed } from './photos';

/**
 * Answers with whether it was done; not when the draft was changed since `revision`, for then the preview is out of date.
 */
export async function moveDraft(
  db: Db,
  audit: string,
  revision: number,
  to: Version,
  { answers }: Carried,
): Promise<boolean> {
  let moved = false;
  let photos: string[] = [];
  await changeDraft(db, audit, (draft) => {
    moved = draft.revision === revision;
    if (!moved) return;
    const named = new Set(Object.values(answers).flatMap((answer) => answer.photos ?? []));
    photos = Object.keys(draft.photos).filter((name) => !named.has(name));
    draft.checklist = to.sha256;
    draft.answers = structuredClone(answers);
    const timed = to.document.sections.flatMap((section) =>
      section.questions.flatMap(({ id, type }) => (type === 'duration' ? [id] : [])),
    );
    for (const question of Object.keys(draft.stopwatches))
      if (!timed.includes(question)) delete draft.stopwatches[question];
    delete draft.at;
  });
  await dropUnnamed(db, photos);
  return moved;
}
