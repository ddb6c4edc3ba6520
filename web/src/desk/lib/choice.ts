// Which client and which of its checklists a page is about, from what the address asks for and what exists.
import type { Client } from '../../api/types';

export interface Asked {
  client: string | null;
  checklist: string | null;
}
export interface Choice {
  client: Client | undefined;
  checklist: Client['checklists'][number] | undefined;
}

/**
 * The client asked for; else the one last looked at, if it has the checklist asked for; else the first that has it; else the first
 * of all. A link from a report names only the checklist, and must not end at another client's.
 */
export function choose(clients: readonly Client[], asked: Asked, last: string | undefined): Choice {
  const has = (client: Client) => client.checklists.some((checklist) => checklist.slug === asked.checklist);
  const recent = clients.find((client) => client.id === last);
  const client =
    clients.find((c) => c.id === asked.client) ??
    (recent && (!asked.checklist || has(recent)) ? recent : undefined) ??
    clients.find(has) ??
    clients[0];
  return {
    client,
    checklist:
      client?.checklists.find((checklist) => checklist.slug === asked.checklist) ?? client?.checklists[0],
  };
}
