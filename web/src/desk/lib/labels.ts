// Which points of a plot can carry their name, and on which side, so that no name touches another, a point, or what is
// already written there. Sizes are in the plot's own units.

export interface Spot {
  id: string;
  x: number;
  y: number;
  radius: number;
  text: string;
}
export interface Rect {
  left: number;
  top: number;
  right: number;
  bottom: number;
}
export interface Label {
  x: number;
  y: number;
  anchor: 'start' | 'end';
}
export interface LabelRules {
  most: number;
  /** Where labels may stand. */
  within: Rect;
  /** Where something else is written. */
  taken: readonly Rect[];
  letterWidth: number;
  lineHeight: number;
}

/** Spots are tried in the order given; each to the right of its point first, then to the left. */
export function placeLabels(spots: readonly Spot[], rules: LabelRules): Map<string, Label> {
  const placed = new Map<string, Label>();
  const taken = [...rules.taken];
  const points = spots.map((spot) => square(spot));
  for (const [at, spot] of spots.entries()) {
    if (placed.size >= rules.most) break;
    const width = spot.text.length * rules.letterWidth;
    const gap = spot.radius + 4;
    for (const anchor of ['start', 'end'] as const) {
      const left = anchor === 'start' ? spot.x + gap : spot.x - gap - width;
      const rect = {
        left,
        right: left + width,
        top: spot.y - rules.lineHeight / 2,
        bottom: spot.y + rules.lineHeight / 2,
      };
      if (!inside(rect, rules.within) || taken.some((other) => touches(rect, other))) continue;
      if (points.some((point, index) => index !== at && touches(rect, point))) continue;
      placed.set(spot.id, { x: anchor === 'start' ? rect.left : rect.right, y: spot.y, anchor });
      taken.push(rect);
      break;
    }
  }
  return placed;
}

function square(spot: Spot): Rect {
  return {
    left: spot.x - spot.radius,
    right: spot.x + spot.radius,
    top: spot.y - spot.radius,
    bottom: spot.y + spot.radius,
  };
}
function inside(rect: Rect, frame: Rect): boolean {
  return (
    rect.left >= frame.left &&
    rect.right <= frame.right &&
    rect.top >= frame.top &&
    rect.bottom <= frame.bottom
  );
}
function touches(a: Rect, b: Rect): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
