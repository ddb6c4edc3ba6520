// What the phone says about where it is, and what is kept of it.

import { describe, expect, it } from 'vitest';
import { measure, placeOf } from './location';

const DOOR = { latitude: 52.37, longitude: 4.89 };

/** A phone that says this. */
function phone(answer: { latitude: number; longitude: number; accuracy: number } | number): Geolocation {
  return {
    getCurrentPosition: (done: PositionCallback, fail: PositionErrorCallback) =>
      typeof answer === 'number'
        ? fail({ code: answer, PERMISSION_DENIED: 1, POSITION_UNAVAILABLE: 2, TIMEOUT: 3, message: '' })
        : done({ coords: answer } as unknown as GeolocationPosition),
  } as unknown as Geolocation;
}

describe('measuring', () => {
  it('keeps the distance and how sure it is, rounded up, and nothing else', async () => {
    const there = phone({ latitude: 52.371, longitude: 4.89, accuracy: 14.2 });
    expect(await measure(DOOR, there)).toEqual({ value_m: 111, accuracy_m: 15 });
  });
  it('knows no more than there is to know', async () => {
    const lost = phone({ ...DOOR, accuracy: 1e12 });
    expect(await measure(DOOR, lost)).toEqual({ value_m: 0, accuracy_m: 20_040_000 });
  });
  it('says what went wrong', async () => {
    const problem = (code: number) => measure(DOOR, phone(code)).catch((problem: unknown) => problem);
    expect(await Promise.all([1, 2, 3].map(problem))).toEqual(['denied', 'unavailable', 'timeout']);
    await expect(measure(DOOR, undefined)).rejects.toBe('unavailable');
  });
});

it('a location may have no place', () => {
  expect(placeOf({ latitude_e7: 523_700_000, longitude_e7: 48_900_000 })).toEqual(DOOR);
  expect(placeOf({ latitude_e7: 523_700_000, longitude_e7: null })).toBeUndefined();
  expect(placeOf({})).toBeUndefined();
  expect(placeOf({ latitude_e7: 0, longitude_e7: 0 })).toEqual({ latitude: 0, longitude: 0 });
});
