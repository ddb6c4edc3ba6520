// What to know before and during a visit: the agency's word, the checklist's brief, and whom to play.

import type { ChecklistDocument, Text, VisitForShopper } from '../../api/types';
import { t } from '../words';

export interface BriefingPart {
  name: string;
  /** In the checklist's languages; what the agency wrote to this visit is in one of its own. */
  text: Text | string;
}

export function briefing(
  visit: VisitForShopper | undefined,
  document: ChecklistDocument | undefined,
): BriefingPart[] {
  return [
    { name: t().visit.fromAgency, text: visit?.brief },
    { name: t().visit.brief, text: document?.brief },
    { name: t().visit.scenario, text: document?.scenario },
  ].flatMap(({ name, text }) => (text ? [{ name, text }] : []));
}
