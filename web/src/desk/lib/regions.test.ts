// A tree reads from the top, and a part of a tree has a top too.
import { expect, it } from 'vitest';
import { regionChoices } from './regions';

const region = (id: string, parent?: string) => ({
  id,
  client: 'c',
  name: id,
  depth: 0,
  ...(parent ? { parent } : {}),
});

it('puts children under their parents', () => {
  const choices = regionChoices(
    [region('south'), region('b', 'north'), region('north'), region('a', 'north')],
    'en',
  );
  expect(choices.map((c) => `${c.depth} ${c.id}`)).toEqual(['0 north', '1 a', '1 b', '0 south']);
});

it('shows a manager’s part of the tree', () => {
  expect(regionChoices([region('a', 'unseen')], 'en')).toEqual([{ id: 'a', name: 'a', depth: 0 }]);
});
