// Every page has one address, and the address leads back to it.
import { describe, expect, it } from 'vitest';
import { parseRoute, queryText, routePath, sectionOf, type Route } from './route';

describe('addresses', () => {
  const routes: Route[] = [
    { page: 'home' },
    { page: 'ranking' },
    { page: 'location', id: 'a b' },
    { page: 'reports' },
    { page: 'report', id: '7' },
    { page: 'bundles' },
    { page: 'review' },
    { page: 'audit', id: '0190' },
    { page: 'photo-pairs' },
    { page: 'quarantine' },
    { page: 'quarantined', id: '12' },
    { page: 'import' },
    { page: 'visits' },
    { page: 'people' },
    { page: 'campaigns' },
    { page: 'campaign', id: 'c' },
    { page: 'checklists' },
    { page: 'version', id: '0a' },
    { page: 'publish' },
    { page: 'compare' },
    { page: 'what-ifs' },
    { page: 'what-if', id: 'w' },
    { page: 'new-what-if' },
  ];
  it.each(routes)('lead there and back: $page', (route) => {
    expect(parseRoute(routePath(route))).toEqual(route);
  });
  it('that do not exist are said to be lost', () => {
    expect(parseRoute('/nonsense')).toEqual({ page: 'lost' });
    expect(parseRoute('/review/1/2')).toEqual({ page: 'lost' });
    expect(parseRoute('/visits/1')).toEqual({ page: 'lost' });
  });
});

it('a detail page lights up its list', () => {
  expect(sectionOf('audit')).toBe('review');
  expect(sectionOf('bundles')).toBe('reports');
  expect(sectionOf('photo-pairs')).toBe('review');
  expect(sectionOf('location')).toBe('ranking');
  expect(sectionOf('people')).toBe('people');
  expect(sectionOf('import')).toBe('quarantine');
  expect(sectionOf('publish')).toBe('checklists');
  expect(sectionOf('new-what-if')).toBe('what-ifs');
});

it('a query leaves out what is empty and keeps one order', () => {
  expect(queryText({ to: '2', from: '1', region: '' })).toBe('?from=1&to=2');
  expect(queryText({})).toBe('');
});
