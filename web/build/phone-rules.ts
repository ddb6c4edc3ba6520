// The phone's rules as a program: a checklist and answers in on each line, what the phone makes of them out on the next.
// The test that compares them with the server's rules runs it (tests/scoring/differential.rs). Not here: any rule.

import { createInterface } from 'node:readline';
import type { ChecklistDocument } from '../src/api/types';
import { auditDocument, type ListedPhoto } from '../src/domain/audit';
import { AUDIT_PHOTOS_MAX, gaps } from '../src/domain/check';
import { Shown } from '../src/domain/conditions';
import type { Answers } from '../src/domain/given';
import { score } from '../src/domain/scoring/score';

interface Asked {
  document: ChecklistDocument;
  sha256: string;
  sets: Answers[];
}

function answer({ document, sha256, sets }: Asked) {
  return sets.map((answers) => {
    const shown = new Shown(document, answers);
    const ids = document.sections.flatMap((section) => section.questions.map((question) => question.id));
    const audit = auditDocument(document, {
      ...visit,
      checklist_sha256: sha256,
      answers,
      photos: listed(answers),
    });
    const lacking = gaps(document, answers).map((gap) => `${gap.question}: ${gap.lack}`);
    if (audit.photos.length > AUDIT_PHOTOS_MAX) lacking.push('too many photos');
    return { score: score(document, answers), shown: ids.filter((id) => shown.has(id)), lacking, audit };
  });
}

const visit = {
  audit: '019b0000-0000-7000-8000-000000000001',
  visit: '019b0000-0000-7000-8000-000000000002',
  started_at: '2026-11-22T12:00:00.125+01:00',
  finished_at: '2026-11-22T12:40:00+01:00',
  elapsed_ms: 2_400_000,
  language: 'en',
  app_version: 'test',
};

function listed(answers: Answers): Record<string, ListedPhoto> {
  const named = Object.values(answers).flatMap((answer) => answer.photos ?? []);
  return Object.fromEntries(named.map((sha256) => [sha256, { sha256, size_bytes: 1, type: 'image/jpeg' }]));
}

for await (const line of createInterface({ input: process.stdin })) {
  let said: unknown;
  try {
    said = answer(JSON.parse(line) as Asked);
  } catch (error) {
    said = { failed: error instanceof Error ? error.stack : String(error) };
  }
  process.stdout.write(`${JSON.stringify(said)}\n`);
}
