// What a bundle of PDFs is about, in words, and how it is asked for again. Pure.
import type { AskForBundle, Bundle } from '../../api/types';
import { dayRange } from './format';

interface Words {
  allRegions: string;
  allClients: string;
  anyDay: string;
  from: (day: string) => string;
  to: (day: string) => string;
  campaign: (name: string) => string;
}

/** `Café Noord · North · 1 – 30 Sept 2026`. `day` writes one day. */
export function aboutBundle(
  filter: Bundle['filter'],
  words: Words,
  locale: string,
  day: (value: string) => string,
): string {
  const { from, to } = filter;
  let days = words.anyDay;
  if (from && to) days = dayRange(from, to, locale);
  else if (from) days = words.from(day(from));
  else if (to) days = words.to(day(to));
  return [
    filter.client_name ?? words.allClients,
    ...(filter.campaign_name ? [words.campaign(filter.campaign_name)] : []),
    filter.location_name ?? filter.region_name ?? words.allRegions,
    days,
  ].join(' · ');
}

/** The same request once more: without the names, and with nothing that was not said. */
export function sameAgain(filter: Bundle['filter']): AskForBundle {
  const wanted: Record<string, string> = {};
  for (const key of ['client', 'campaign', 'region', 'location', 'from', 'to', 'language'] as const) {
    const value = filter[key];
    if (value) wanted[key] = value;
  }
  return wanted;
}
