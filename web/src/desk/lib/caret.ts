// Where a line and a column, as the program counts them, lie in a text: for the cursor of a text area.

export interface Range {
  start: number;
  end: number;
}

/**
 * Both count from 1; a column is a character of the text, which may be two units of a JavaScript string. A column beyond its
 * line is the line's end. `length` characters are marked, at most to the end of the line.
 */
export function rangeAt(text: string, line: number, column: number, length: number): Range {
  const lines = text.split('\n');
  const at = Math.min(Math.max(line, 1), lines.length) - 1;
  const start = lines.slice(0, at).reduce((sum, before) => sum + before.length + 1, 0);
  const characters = [...lines[at]!.replace(/\r$/, '')];
  const units = (count: number) => characters.slice(0, Math.max(0, count)).join('').length;
  const from = units(column - 1);
  return { start: start + from, end: start + units(column - 1 + length) };
}
