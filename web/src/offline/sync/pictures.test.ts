// Reference pictures: fetched ahead with the checklist, checked, and let go of when nothing wants them.

import { beforeEach, expect, it } from 'vitest';
import type { ChecklistDocument } from '../../api/types';
import { hex, sha256, utf8 } from '../bytes';
import { beginDraft } from '../drafts';
import { dropOldPictures, dropPictures, lackingPictures } from '../pictures';
import { FakeServer } from '../testing/fake-server';
import { CHECKLIST, phone, photoBytes, visit } from '../testing/sample';
import { runRound } from './round';
import type { Context } from './context';

let server: FakeServer;
let here: Context;
let names: string[];
const sync = () => runRound(here, () => {});

/** A checklist of which the first question has these pictures. */
function withPictures(format: number): string {
  const [section] = CHECKLIST.sections;
  const [first, ...others] = section!.questions;
  const pictures = names.map((name) => ({
    sha256: name,
    type: 'image/png',
    size_bytes: 9,
    text: { en: 'So' },
  }));
  const document = {
    ...CHECKLIST,
    format,
    sections: [{ ...section!, questions: [{ ...first!, pictures }, ...others] }],
  };
  return JSON.stringify(document as unknown as ChecklistDocument);
}

async function assign(id: string, text: string): Promise<void> {
  const name = hex(await sha256(utf8(text)));
  server.checklists.set(name, text);
  server.put('visit', await visit(id, { checklist: { ...(await visit(id)).checklist, sha256: name } }));
}

beforeEach(async () => {
  server = new FakeServer();
  here = await phone(server);
  names = [];
  for (const seed of [1, 2]) {
    const bytes = photoBytes(9, seed);
    const name = hex(await sha256(bytes));
    server.pictures.set(name, bytes);
    names.push(name);
  }
});

it('they come with the checklist, once', async () => {
  await assign('one', withPictures(2));
  expect(await sync()).toMatchObject({ end: 'done', aside: 0 });
  const kept = await here.db.getAll('pictures');
  expect(kept.map((picture) => picture.sha256).sort()).toEqual([...names].sort());
  expect(kept[0]).toMatchObject({ type: 'image/png' });
  expect(new Uint8Array(kept.find((picture) => picture.sha256 === names[0])!.bytes)).toEqual(
    new Uint8Array(photoBytes(9, 1)),
  );
  await sync();
  expect(server.requests('GET', '/checklists/pictures/')).toHaveLength(2);
});

it('one that is not what its name says is not kept, and holds up nothing', async () => {
  await assign('one', withPictures(2));
  server.pictures.set(names[0]!, photoBytes(9, 7));
  expect(await sync()).toMatchObject({ end: 'done', aside: 1 });
  expect(await here.db.getAllKeys('pictures')).toEqual([names[1]]);
  server.pictures.set(names[0]!, photoBytes(9, 1));
  await sync();
  expect(await here.db.count('pictures')).toBe(2);
});

it('one that the server does not have is asked for another time', async () => {
  await assign('one', withPictures(2));
  server.pictures.delete(names[0]!);
  expect(await sync()).toMatchObject({ end: 'done', aside: 1 });
  expect(await lackingPictures(here.db)).toEqual([names[0]]);
  // Nothing came of asking again: the phone may wait longer each time.
  expect(await sync()).toMatchObject({ aside: 1, moved: false });
});

it('nothing is read out of a checklist of a later format', async () => {
  await assign('one', withPictures(3));
  await sync();
  expect(await here.db.count('checklists')).toBe(1);
  expect(server.requests('GET', '/checklists/pictures/')).toHaveLength(0);
});

it('they go when the visit has gone, not while a draft wants them', async () => {
  await assign('one', withPictures(2));
  await sync();
  const { value } = (await here.db.get('visits', 'one'))!;
  const { audit } = await beginDraft(here.db, value);
  await here.db.delete('visits', 'one');
  await dropOldPictures(here.db);
  expect(await here.db.count('pictures')).toBe(2);
  await here.db.delete('drafts', audit);
  await dropOldPictures(here.db);
  expect(await here.db.count('pictures')).toBe(0);
});

it('all of them go for room', async () => {
  await assign('one', withPictures(2));
  await sync();
  expect(await dropPictures(here.db)).toBe(18);
  expect(await lackingPictures(here.db)).toHaveLength(2);
});
