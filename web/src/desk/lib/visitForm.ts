// What a new visit's form has to hold before it is worth sending. The server checks again, with what only it knows.

export interface VisitForm {
  campaign: string;
  location: string;
  shopper: string;
  /** The first leg, where the checklist is a second one. */
  follows: string;
  opens: string;
  closes: string;
}
export type VisitFormFault = 'missing' | 'closes_before_opens' | 'follows_missing';

/** Local times sort as text, `2026-11-22T11:00`; no zone is needed to compare two of one place. */
export function visitFormFault(form: VisitForm, second: boolean): VisitFormFault | null {
  if (!form.campaign || !form.location || !form.opens || !form.closes) return 'missing';
  if (form.closes <= form.opens) return 'closes_before_opens';
  return second && !form.follows ? 'follows_missing' : null;
}
