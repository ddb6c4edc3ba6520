// Which rows of a long table are worth drawing, given how far it is scrolled.
// All rows have one height; the rest of the table is two spacers.

export interface Slice {
  first: number;
  end: number;
  above_px: number;
  below_px: number;
}

/** `top_px`: how far the table's first row lies above the top of what is seen (negative while still below it). */
export function visibleSlice(
  rows: number,
  rowHeight_px: number,
  top_px: number,
  seen_px: number,
  spare = 12,
): Slice {
  const clamp = (n: number) => Math.min(rows, Math.max(0, n));
  const first = clamp(Math.floor(top_px / rowHeight_px) - spare);
  const end = clamp(Math.ceil((top_px + seen_px) / rowHeight_px) + spare);
  return {
    first,
    end: Math.max(first, end),
    above_px: first * rowHeight_px,
    below_px: (rows - Math.max(first, end)) * rowHeight_px,
  };
}
