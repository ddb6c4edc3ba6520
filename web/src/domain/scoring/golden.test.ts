// The cases that the server's scorer and this one must agree on, read from the folder that both share.

import { describe, expect, it } from 'vitest';
import type { Answer, ChecklistDocument, Score } from '../../api/types';
import { score } from './score';

interface Vectors {
  checklists?: Record<string, ChecklistDocument>;
  cases: {
    name: string;
    checklist: ChecklistDocument | string;
    answers: Record<string, Answer>;
    expected: Score;
  }[];
}

const files = import.meta.glob<Vectors>('../../../../tests/golden/scoring/*.json', {
  eager: true,
  import: 'default',
});

it('there are golden vectors to run', () => {
  const cases = Object.values(files).reduce((sum, file) => sum + file.cases.length, 0);
  expect(cases).toBeGreaterThan(0);
});

describe.each(Object.entries(files))('%s', (_path, file) => {
  it.each(file.cases.map((one) => [one.name, one] as const))('%s', (_name, one) => {
    const document = typeof one.checklist === 'string' ? file.checklists?.[one.checklist] : one.checklist;
    if (!document) throw new Error(`no checklist named ${JSON.stringify(one.checklist)}`);
    expect(score(document, one.answers)).toEqual(one.expected);
  });
});
