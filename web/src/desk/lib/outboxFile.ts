// An exported outbox, as far as the desk looks into it before sending it, which is its first line; and what the server's answer
// comes to. The server reads the rest.
import type { Imported } from '../../api/desk';

export interface Head {
  user: string;
  exported_at: string | undefined;
  app_version: string | undefined;
}

/** More than any first line has. */
export const HEAD_BYTES_MAX = 4096;

/** Null when these bytes are not the beginning of an export that the server takes. */
export function outboxHead(beginning: string): Head | null {
  try {
    const head = JSON.parse(beginning.split('\n', 1)[0] ?? '') as Record<string, unknown>;
    if (head['format'] !== 'plainclothes-outbox-2' || typeof head['user'] !== 'string') return null;
    const text = (name: string) => (typeof head[name] === 'string' ? head[name] : undefined);
    return { user: head['user'], exported_at: text('exported_at'), app_version: text('app_version') };
  } catch {
    return null;
  }
}

/** How many of each outcome there are, in the order in which they first come. */
export function tally<T extends { outcome: string }>(items: readonly T[]): [T['outcome'], number][] {
  const counts = new Map<T['outcome'], number>();
  for (const { outcome } of items) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  return [...counts];
}

/** Whether everything that the file holds is on the server now. */
export function isWhole({ audits, photos, lines_refused }: Imported): boolean {
  return lines_refused.length === 0 && [...audits, ...photos].every((item) => item.outcome !== 'refused');
}
