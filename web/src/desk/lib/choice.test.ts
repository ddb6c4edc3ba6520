// A link leads to what it names, and never to another client's checklist.
import { expect, it } from 'vitest';
import { choose } from './choice';

const client = (id: string, ...slugs: string[]) => ({
  id,
  name: id,
  color: '#000000',
  checklists: slugs.map((slug) => ({ slug, title: { en: slug } })),
});
const clients = [client('linde', 'restaurant'), client('kaap', 'retail', 'helpline')];
const chosen = (asked: { client?: string; checklist?: string }, last?: string) => {
  const { client, checklist } = choose(
    clients,
    { client: asked.client ?? null, checklist: asked.checklist ?? null },
    last,
  );
  return `${client?.id} ${checklist?.slug}`;
};

it('takes what is asked for, else the first', () => {
  expect(chosen({ client: 'kaap', checklist: 'helpline' })).toBe('kaap helpline');
  expect(chosen({ client: 'kaap' })).toBe('kaap retail');
  expect(chosen({})).toBe('linde restaurant');
});

it('finds the client of a checklist named alone', () => {
  expect(chosen({ checklist: 'helpline' })).toBe('kaap helpline');
  expect(chosen({ checklist: 'restaurant' }, 'kaap')).toBe('linde restaurant');
});

it('stays with the client last looked at', () => {
  expect(chosen({}, 'kaap')).toBe('kaap retail');
  expect(chosen({ client: 'linde' }, 'kaap')).toBe('linde restaurant');
  expect(chosen({}, 'gone')).toBe('linde restaurant');
});

it('has nothing to choose from without clients', () => {
  expect(choose([], { client: null, checklist: null }, undefined)).toEqual({
    client: undefined,
    checklist: undefined,
  });
});
