// Words of the quarantine: work that arrived and could not be placed.
import { dictionary } from '../../i18n/language.svelte';

type Said = Record<string, string>;
const en = {
  title: 'Quarantine',
  lead: 'Work that arrived whole but could not be placed. Nothing here is lost: each entry keeps the bytes that the phone sent.',
  emptyTitle: 'Nothing is in quarantine',
  emptyBody: 'Everything that arrived could be placed. There is nothing to do here.',
  caption: 'Entries in quarantine',
  columns: { number: 'Number', shopper: 'Shopper', reason: 'Reason', received: 'Received', size: 'Size' },
  reasons: {
    audit_id_reused: 'The same audit id came with other content',
    unknown_checklist: 'Made on a checklist that this server does not know',
    schema_refused: 'The answers do not fit the checklist',
    visit_withdrawn: 'The visit had been withdrawn',
    stale_supersedes: 'It corrects an audit that was already corrected',
    unknown_visit: 'The visit is not known',
    malformed_document: 'The document cannot be read',
  } as Said,
  errors: 'What was wrong',
  raw: 'The document as it was sent',
  readable: 'Indented',
  asSent: 'As sent',
  copy: 'Copy',
  copied: 'Copied',
  audit: 'Audit',
  where: 'Where',
  what: 'What',
};

const nl: typeof en = {
  title: 'Quarantaine',
  lead: 'Werk dat heel aankwam maar niet geplaatst kon worden. Er is niets verloren: elk item bewaart de bytes die de telefoon stuurde.',
  emptyTitle: 'Er zit niets in quarantaine',
  emptyBody: 'Alles wat binnenkwam kon worden geplaatst. Hier is niets te doen.',
  caption: 'Items in quarantaine',
  columns: {
    number: 'Nummer',
    shopper: 'Shopper',
    reason: 'Reden',
    received: 'Ontvangen',
    size: 'Grootte',
  },
  reasons: {
    audit_id_reused: 'Hetzelfde audit-id kwam met andere inhoud',
    unknown_checklist: 'Gemaakt op een vragenlijst die deze server niet kent',
    schema_refused: 'De antwoorden passen niet bij de vragenlijst',
    visit_withdrawn: 'Het bezoek was ingetrokken',
    stale_supersedes: 'Hij verbetert een audit die al verbeterd was',
    unknown_visit: 'Het bezoek is onbekend',
    malformed_document: 'Het document is niet te lezen',
  },
  errors: 'Wat er mis was',
  raw: 'Het document zoals het is gestuurd',
  readable: 'Ingesprongen',
  asSent: 'Zoals gestuurd',
  copy: 'Kopiëren',
  copied: 'Gekopieerd',
  audit: 'Audit',
  where: 'Waar',
  what: 'Wat',
};

export const quarantineWords = dictionary({ en, nl });
