// A file is looked at before it is sent: whether it is an export at all, and whose.
import { describe, expect, it } from 'vitest';
import { isWhole, outboxHead, tally } from './outboxFile';

describe('the first line of an export', () => {
  it('says whose it is and when it was made, whatever follows', () => {
    const line =
      '{"format":"plainclothes-outbox-2","user":"u","exported_at":"2026-11-22T10:00:00Z","app_version":"1"}';
    const head = { user: 'u', exported_at: '2026-11-22T10:00:00Z', app_version: '1' };
    expect(outboxHead(`${line}\n{"photo":"…`)).toEqual(head);
    expect(outboxHead(line)).toEqual(head);
    expect(outboxHead(`${line}\r\n`)).toEqual(head);
  });
  it.each([
    '',
    'null',
    '{"format":"plainclothes-outbox-1","user":"u"}',
    '{"format":"plainclothes-outbox-2"}',
    '{"audit":"a"}\n{"format":"plainclothes-outbox-2","user":"u"}',
    '\u0089PNG',
  ])('is not %j', (beginning) => {
    expect(outboxHead(beginning)).toBeNull();
  });
});

const done = (outcome: 'placed' | 'refused' | 'already') => ({ audit: 'a', outcome });

it('counts outcomes', () => {
  expect(tally([done('placed'), done('already'), done('placed')])).toEqual([
    ['placed', 2],
    ['already', 1],
  ]);
});

it('a file is whole when nothing of it was refused', () => {
  const none = { audits: [], photos: [], lines_refused: [] };
  expect(isWhole({ ...none, audits: [done('placed'), done('already')] })).toBe(true);
  expect(isWhole({ ...none, audits: [done('refused')] })).toBe(false);
  expect(isWhole({ ...none, photos: [{ sha256: 'p', outcome: 'refused' }] })).toBe(false);
  expect(isWhole({ ...none, lines_refused: [{ line: 3, detail: '' }] })).toBe(false);
});
