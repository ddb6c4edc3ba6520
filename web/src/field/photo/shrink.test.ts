// Which bytes are pictures that the server takes, whatever their name says.

import { expect, it } from 'vitest';
import { kindOf } from './shrink';

const head = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

it('is told by the first bytes', () => {
  expect(kindOf(head('\xff\xd8\xff\xe0abcdefgh'))).toBe('image/jpeg');
  expect(kindOf(head('\x89PNG\r\n\x1a\nabcd'))).toBe('image/png');
  expect(kindOf(head('RIFF1234WEBP'))).toBe('image/webp');
  expect(kindOf(head('\0\0\0\x18ftypheic\0\0\0\0mif1heic'))).toBe('image/heic');
  expect(kindOf(head('\0\0\0\x18ftypmif1\0\0\0\0mif1avif'))).toBe('image/avif');
  expect(kindOf(head('\0\0\0\x14ftypisom\0\0\0\0mp42heic'))).toBeNull();
  expect(kindOf(head('RIFF1234WAVE'))).toBeNull();
  expect(kindOf(new Uint8Array())).toBeNull();
});
