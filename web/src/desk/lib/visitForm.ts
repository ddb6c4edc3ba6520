// What a new visit's form has to hold before it is worth sending. The server checks again, with what only it knows.

export interface VisitForm {
  campaign: string;
  location: string;
  shopper: string;
  opens: string;
  closes: string;
}
export type VisitFormFault = 'missing' | 'closes_before_opens';

/** Local times sort as text, `2026-11-22T11:00`; no zone is needed to compare two of one place. */
export function visitFormFault(form: VisitForm): VisitFormFault | null {
  if (!form.campaign || !form.location || !form.opens || !form.closes) return 'missing';
  return form.closes <= form.opens ? 'closes_before_opens' : null;
}
