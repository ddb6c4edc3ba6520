// What a reviewer is told of work in quarantine: whether and where it can be placed, and what of it is here.
import { describe, expect, it } from 'vitest';
import type { QuarantineDetail } from '../../api/desk';
import type { ChecklistDocument, VisitRow } from '../../api/types';
import { glimpse, nearestFirst, photosCome, placeable, questionNotes } from './quarantine';

describe('a glimpse of a document', () => {
  it('finds what an audit says of itself', () => {
    expect(
      glimpse('{"visit":"v","checklist":"c","finished_at":"2026-11-20T12:00:00+01:00","audit":"a"}'),
    ).toEqual({
      visit: 'v',
      checklist: 'c',
      finished_at: '2026-11-20T12:00:00+01:00',
    });
  });
  it.each(['{"visit":7}', '[1]', 'null', '"text"', '{"visit":', ''])('finds nothing in %s', (text) => {
    expect(glimpse(text)).toEqual({});
  });
});

describe('whether work can be placed', () => {
  const now = (isPlaceable: boolean, ...pointers: string[]): QuarantineDetail['now'] => ({
    placeable: isPlaceable,
    errors: pointers.map((pointer) => ({ pointer, message: 'no' })),
  });
  it('as it is, with another visit, or not at all', () => {
    expect(placeable({ now: now(true) })).toBe('own');
    expect(placeable({ now: now(false, '/visit') })).toBe('other');
    expect(placeable({ now: now(false, '/visit', '/answers/smile') })).toBe('no');
    expect(placeable({ now: now(false, '/answers/smile') })).toBe('no');
    expect(placeable({ now: now(false, '') })).toBe('no');
    expect(placeable({ now: now(false) })).toBe('no');
  });
});

it('counts photos that have come, and what is left to send', () => {
  const photo = (size_bytes: number, stored: boolean) => ({ sha256: String(size_bytes), size_bytes, stored });
  expect(photosCome([photo(5, true), photo(7, false), photo(9, false)])).toEqual({
    stored: 1,
    all: 3,
    missing_bytes: 16,
  });
  expect(photosCome([])).toEqual({ stored: 0, all: 0, missing_bytes: 0 });
});

describe('visits to choose from', () => {
  const visit = (id: string, day: string) =>
    ({ id, local_opens: `${day}T10:00:00`, local_closes: `${day}T22:00:00` }) as VisitRow;
  const all = [visit('late', '2026-11-25'), visit('before', '2026-11-19'), visit('same', '2026-11-20')];
  const ids = (visits: VisitRow[]) => visits.map(({ id }) => id);

  it('are the nearest in time first', () => {
    expect(ids(nearestFirst(all, '2026-11-20T12:00:00+01:00'))).toEqual(['same', 'before', 'late']);
  });
  it('stand as the server had them when the work has no time', () => {
    expect(ids(nearestFirst(all, undefined))).toEqual(['late', 'before', 'same']);
    expect(ids(nearestFirst(all, 'yesterday'))).toEqual(['late', 'before', 'same']);
  });
});

it('a question’s words stand with the pointer of its answer', () => {
  const checklist = {
    languages: ['en'],
    sections: [{ questions: [{ id: 'smile', text: { en: 'Did they smile?' } }] }],
  } as unknown as ChecklistDocument;
  expect([...questionNotes(checklist)]).toEqual([['/answers/smile', 'Did they smile?']]);
  expect(questionNotes(undefined).size).toBe(0);
});
