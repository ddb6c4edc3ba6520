// Rectangles on a photo while they are drawn: in per cent with one decimal, as people type them; the server wants millionths.
// Pure.
import type { Redaction } from '../../api/desk';

/** As the server has it (domain/photo/redaction.rs). */
export const REDACTIONS_MAX = 50;

export interface Part {
  left: number;
  top: number;
  width: number;
  height: number;
}

export type Side = keyof Part;

const MICROS_PER_PERCENT = 10_000;
/** The least that covers anything a finger can draw. */
const LEAST = 0.1;

const round = (percent: number) => Math.round(percent * 10) / 10;
const between = (least: number, value: number, most: number) => Math.min(most, Math.max(least, value));

/** On the picture, and covering something. What is no number counts as 0. */
export function fit(part: Part): Part {
  const number = (value: number) => (Number.isFinite(value) ? round(value) : 0);
  const left = between(0, number(part.left), 100 - LEAST);
  const top = between(0, number(part.top), 100 - LEAST);
  return {
    left,
    top,
    width: round(between(LEAST, number(part.width), 100 - left)),
    height: round(between(LEAST, number(part.height), 100 - top)),
  };
}

/** The rectangle between two corners, in whatever order they were touched; nothing where they are as good as one. */
export function between_corners(from: [number, number], to: [number, number]): Part | undefined {
  const width = Math.abs(from[0] - to[0]);
  const height = Math.abs(from[1] - to[1]);
  if (width < 0.5 || height < 0.5) return undefined;
  return fit({ left: Math.min(from[0], to[0]), top: Math.min(from[1], to[1]), width, height });
}

export function toMicros(part: Part): Redaction {
  const { left, top, width, height } = fit(part);
  const micros = (percent: number) => Math.round(percent * MICROS_PER_PERCENT);
  return {
    left_micros: micros(left),
    top_micros: micros(top),
    width_micros: micros(width),
    height_micros: micros(height),
  };
}

export function fromMicros(redaction: Redaction): Part {
  const percent = (micros: number) => micros / MICROS_PER_PERCENT;
  return {
    left: percent(redaction.left_micros),
    top: percent(redaction.top_micros),
    width: percent(redaction.width_micros),
    height: percent(redaction.height_micros),
  };
}
