// What belongs to a field is shown there and nowhere else.
import { expect, it } from 'vitest';
import { at, besides } from './pointed';
import type { Failure } from './problems';

const failure = (...pointers: string[]): Failure => ({
  code: 'malformed_request',
  detail: 'no',
  errors: pointers.map((pointer) => ({ pointer, message: `${pointer} is wrong` })),
  request_id: '',
  again: false,
});

it('a member is found by its pointer', () => {
  expect(at(failure('/a', '/b'), '/b')).toBe('/b is wrong');
  expect(at(undefined, '/b')).toBeUndefined();
});
it('what is shown at fields is not said twice, and nothing else is lost', () => {
  expect(besides(failure('/a'), ['/a'])).toBeUndefined();
  expect(besides(failure('/a', '/b'), ['/a'])?.errors.map((error) => error.pointer)).toEqual(['/b']);
  expect(besides(failure(), ['/a'])?.detail).toBe('no');
});
