import { describe, expect, it } from 'vitest';
import { between_corners, fit, fromMicros, toMicros } from './redactions';

describe('a rectangle', () => {
  it('lies on the picture and covers something, whatever is typed', () => {
    expect(fit({ left: -5, top: 120, width: 0, height: Number.NaN })).toEqual({
      left: 0,
      top: 99.9,
      width: 0.1,
      height: 0.1,
    });
    expect(fit({ left: 60, top: 0, width: 70, height: 100 })).toEqual({
      left: 60,
      top: 0,
      width: 40,
      height: 100,
    });
  });
  it('is the same from whichever corner it is drawn', () => {
    const drawn = { left: 10, top: 20, width: 30, height: 5 };
    expect(between_corners([10, 20], [40, 25])).toEqual(drawn);
    expect(between_corners([40, 25], [10, 20])).toEqual(drawn);
    expect(between_corners([40, 20], [10, 25])).toEqual(drawn);
    expect(between_corners([10, 20], [10.2, 60])).toBeUndefined();
  });
  it('is sent in whole millionths that stay on the picture', () => {
    const sent = toMicros({ left: 33.3, top: 66.6, width: 66.7, height: 33.4 });
    expect(sent).toEqual({
      left_micros: 333_000,
      top_micros: 666_000,
      width_micros: 667_000,
      height_micros: 334_000,
    });
    expect(toMicros(fromMicros(sent))).toEqual(sent);
  });
});
