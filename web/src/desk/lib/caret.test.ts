// Lines and columns of the program lead to the right place in a text area.
import { expect, it } from 'vitest';
import { rangeAt } from './caret';

it('counts lines and columns from 1', () => {
  expect(rangeAt('ab\ncd\nef', 2, 2, 0)).toEqual({ start: 4, end: 4 });
  expect(rangeAt('ab\ncd', 1, 1, 0)).toEqual({ start: 0, end: 0 });
});
it('counts characters, of which some are two units long', () => {
  expect(rangeAt('a😀b', 1, 3, 1)).toEqual({ start: 3, end: 4 });
});
it('marks at most to the end of the line', () => {
  expect(rangeAt('ab\r\ncd', 1, 2, 9)).toEqual({ start: 1, end: 2 });
});
it('stays inside of a text that is shorter than it was', () => {
  expect(rangeAt('ab', 9, 9, 1)).toEqual({ start: 2, end: 2 });
  expect(rangeAt('', 1, 1, 1)).toEqual({ start: 0, end: 0 });
});
