// Other weights of sections as the YAML that a what-if takes. Not here: what they would have made of old audits.

export interface Weight {
  id: string;
  before: number;
  now: number;
}

/** The most that a section can weigh. */
export const weight_max = 10_000;

/** Only what differs is written; nothing when nothing does. */
export function reweightingYaml(weights: readonly Weight[]): string {
  const changed = weights.filter((weight) => weight.now !== weight.before);
  if (changed.length === 0) return '';
  const width = Math.max(...changed.map((weight) => weight.id.length));
  const lines = changed.map(
    ({ id, before, now }) =>
      `  ${id}: ${String(now).padEnd(5)} ${' '.repeat(width - id.length)}# was ${before}`,
  );
  return ['sections:', ...lines, ''].join('\n');
}

/** What a section is of the total, in millionths; null when all weigh nothing. */
export function share(weights: readonly Weight[], id: string): number | null {
  const total = weights.reduce((sum, weight) => sum + weight.now, 0);
  const own = weights.find((weight) => weight.id === id);
  return total > 0 && own ? Math.round((own.now * 1_000_000) / total) : null;
}
