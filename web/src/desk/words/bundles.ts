// Words of the page where many PDFs are asked for as one file.
import { dictionary } from '../../i18n/language.svelte';

const en = {
  title: 'All PDFs in one file',
  lead: 'The PDFs of all published audits that match, as one ZIP file. Making it takes a while; you can leave this page meanwhile.',
  filter: {
    title: 'What will be in it',
    allRegions: 'all regions',
    allClients: 'all clients',
    anyDay: 'all days',
    from: (day: string) => `from ${day}`,
    to: (day: string) => `up to ${day}`,
    campaign: (name: string) => `campaign ${name}`,
    counting: 'Counting…',
    count: (n: number, number: string) => (n === 1 ? '1 published audit' : `${number} published audits`),
    none: 'No published audit matches. Choose a longer period or another region.',
    tooMany: (number: string, most: string) =>
      `${number} published audits match, and one file holds at most ${most}. Choose a shorter period or a region.`,
  },
  make: 'Make the file',
  making: 'Asking…',
  asked: 'The file is being made.',
  list: {
    title: 'Your files',
    titleAll: 'Files of the agency',
    lead: 'Each is kept for seven days after it was made.',
    columns: { what: 'What is in it', state: 'State', kept: 'Kept until', deeds: 'What to do' },
    askedBy: (name: string, moment: string) => `asked by ${name}, ${moment}`,
    askedAt: (moment: string) => `asked ${moment}`,
    progress: (what: string) => `How far the file is: ${what}`,
    ofAll: (done: string, all: string) => `${done} of ${all}`,
    states: { waiting: 'Waits for its turn', working: 'Being made', ready: 'Ready', failed: 'Failed' },
    leftOut: (n: number) =>
      n === 1
        ? '1 audit was left out: it cannot be seen any more.'
        : `${n} audits were left out: they cannot be seen any more.`,
    nothingLeft: 'None of these audits can be seen any more.',
    failedWhy: 'It could not be made. Ask for it again.',
    download: 'Download',
    downloadOf: (what: string) => `Download: ${what}`,
    again: 'Ask again',
    againOf: (what: string) => `Ask again: ${what}`,
    remove: 'Throw away',
    removeOf: (what: string) => `Throw away: ${what}`,
    removed: 'The file was thrown away.',
    stale: {
      out_of_reach:
        'This file holds audits that you cannot see any more, so it is not given out. Ask for a new one.',
      covered:
        'Part of a photo in this file was covered after it was made, so it is not given out. Ask for a new one.',
    },
  },
};

const nl: typeof en = {
  title: 'Alle PDF’s in één bestand',
  lead: 'De PDF’s van alle gepubliceerde audits die eraan voldoen, als één ZIP-bestand. Het maken duurt even; u kunt deze pagina intussen verlaten.',
  filter: {
    title: 'Wat erin komt',
    allRegions: 'alle regio’s',
    allClients: 'alle opdrachtgevers',
    anyDay: 'alle dagen',
    from: (day) => `vanaf ${day}`,
    to: (day) => `tot en met ${day}`,
    campaign: (name) => `campagne ${name}`,
    counting: 'Aan het tellen…',
    count: (n, number) => (n === 1 ? '1 gepubliceerde audit' : `${number} gepubliceerde audits`),
    none: 'Geen gepubliceerde audit voldoet eraan. Kies een langere periode of een andere regio.',
    tooMany: (number, most) =>
      `${number} gepubliceerde audits voldoen eraan, en in één bestand passen er ${most}. Kies een kortere periode of een regio.`,
  },
  make: 'Bestand maken',
  making: 'Bezig…',
  asked: 'Het bestand wordt gemaakt.',
  list: {
    title: 'Uw bestanden',
    titleAll: 'Bestanden van het bureau',
    lead: 'Elk wordt bewaard tot zeven dagen nadat het is gemaakt.',
    columns: { what: 'Wat erin zit', state: 'Toestand', kept: 'Bewaard tot', deeds: 'Wat te doen' },
    askedBy: (name, moment) => `gevraagd door ${name}, ${moment}`,
    askedAt: (moment) => `gevraagd ${moment}`,
    progress: (what) => `Hoe ver het bestand is: ${what}`,
    ofAll: (done, all) => `${done} van ${all}`,
    states: { waiting: 'Wacht op zijn beurt', working: 'Wordt gemaakt', ready: 'Klaar', failed: 'Mislukt' },
    leftOut: (n) =>
      n === 1
        ? '1 audit is weggelaten: hij is niet meer te zien.'
        : `${n} audits zijn weggelaten: ze zijn niet meer te zien.`,
    nothingLeft: 'Geen van deze audits is nog te zien.',
    failedWhy: 'Het kon niet worden gemaakt. Vraag het opnieuw.',
    download: 'Downloaden',
    downloadOf: (what) => `Downloaden: ${what}`,
    again: 'Opnieuw vragen',
    againOf: (what) => `Opnieuw vragen: ${what}`,
    remove: 'Weggooien',
    removeOf: (what) => `Weggooien: ${what}`,
    removed: 'Het bestand is weggegooid.',
    stale: {
      out_of_reach:
        'In dit bestand zitten audits die u niet meer mag zien, dus het wordt niet gegeven. Vraag een nieuw.',
      covered:
        'Een deel van een foto in dit bestand is afgedekt nadat het was gemaakt, dus het wordt niet gegeven. Vraag een nieuw.',
    },
  },
};

export const bundleWords = dictionary({ en, nl });
