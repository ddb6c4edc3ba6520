// Which checklist documents this program understands. Pure. A document of a later format may mean something that is not
// known here: it is neither filled in nor scored, and whatever was filled in stays where it is.

import type { ChecklistDocument } from '../api/types';

const KNOWN: readonly number[] = [1, 2];

/** The document was written for a later version of this program. */
export class MustUpdate extends Error {
  override readonly name = 'MustUpdate';
}

export function isKnown(document: { format: number }): document is ChecklistDocument {
  return KNOWN.includes(document.format);
}

/** Throws MustUpdate for a format that is not known. */
export function refuseUnknown(document: { format: number }): void {
  if (!isKnown(document)) throw new MustUpdate(`Checklist format ${document.format} is not known.`);
}
