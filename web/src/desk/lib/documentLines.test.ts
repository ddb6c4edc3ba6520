// The document as a reviewer reads it, with what is wrong beside the line that it is about.
import { describe, expect, it } from 'vitest';
import { documentLines, errorsByLine } from './documentLines';

const written = (text: string) =>
  documentLines(text)?.map((line) => '  '.repeat(line.depth) + line.text) ?? null;

describe('a document laid out', () => {
  it('is what an indented JSON looks like', () => {
    const value = { a: { b: [1, 'two', [], {}], c: null }, 'd e': true };
    expect(written(JSON.stringify(value))?.join('\n')).toBe(JSON.stringify(value, null, 2));
    expect(written(' [ 1 , { "a" : [ ] } ]\n')?.join('\n')).toBe(JSON.stringify([1, { a: [] }], null, 2));
  });
  it('keeps every digit and every member that was sent', () => {
    expect(written('{"n":12345678901234567890,"n":1.50}')).toEqual([
      '{',
      '  "n": 12345678901234567890,',
      '  "n": 1.50',
      '}',
    ]);
  });
  it('writes letters as letters, and quotes and braces in texts do not mislead it', () => {
    expect(written(String.raw`{"caf\u00e9":"a \"{[,:]}\" b"}`)?.[1]).toBe(
      String.raw`  "café": "a \"{[,:]}\" b"`,
    );
  });
  it('is nothing where the text is no JSON, or nested beyond measure', () => {
    expect(documentLines('{"a":')).toBeNull();
    expect(documentLines('')).toBeNull();
    expect(documentLines('['.repeat(5000) + ']'.repeat(5000))).toBeNull();
  });
  it('names each line by its pointer', () => {
    expect(documentLines('{"a/b":[{"c~d":1}]}')?.map((line) => line.pointer)).toEqual([
      '',
      '/a~1b',
      '/a~1b/0',
      '/a~1b/0/c~0d',
      '/a~1b/0',
      '/a~1b',
      '',
    ]);
  });
});

describe('errors', () => {
  const lines = documentLines('{"answers":{"smile":{"value":9},"wait":{"value":1}}}') ?? [];
  const at = (...pointers: string[]) =>
    [
      ...errorsByLine(
        lines,
        pointers.map((pointer) => ({ pointer, message: 'wrong' })),
      ),
    ].map(([line, errors]) => [lines[line]?.text, errors.length]);

  it('stand where their value begins', () => {
    expect(at('/answers/smile/value', '/answers/wait')).toEqual([
      ['"value": 9', 1],
      ['"wait": {', 1],
    ]);
  });
  it('stand at the nearest thing that is there when theirs is missing', () => {
    expect(at('/answers/greeting', '/answers/smile/comment/0', '/answers')).toEqual([
      ['"answers": {', 2],
      ['"smile": {', 1],
    ]);
  });
  it('about the whole stand at the top', () => {
    expect(at('', '/visit')).toEqual([['{', 2]]);
  });
});
