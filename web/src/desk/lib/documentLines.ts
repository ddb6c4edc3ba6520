// A document laid out line by line, each line with the JSON pointer of what stands on it, so that what is wrong can be said
// beside it. Numbers keep the digits that were sent. Changes nothing and judges nothing.
import type { Problem } from '../../api/types';

export type Pointed = NonNullable<Problem['errors']>[number];

export interface Line {
  /** RFC 6901; of the value that begins or ends here. */
  pointer: string;
  depth: number;
  text: string;
}

/** Deeper than any audit; what is nested further is shown as it came. */
const DEPTH_MAX = 100;
const SCALAR = /"(?:[^"\\]|\\.)*"|[^\s,:[\]{}"]+/y;

/** Null when the text is no JSON. */
export function documentLines(text: string): Line[] | null {
  try {
    JSON.parse(text);
    return new Layout(text).lines();
  } catch {
    return null;
  }
}

/** Walks text that is known to be JSON; throws where it is nested too deep. */
class Layout {
  readonly #text: string;
  #at = 0;
  readonly #lines: Line[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  lines(): Line[] {
    this.#value('', 0, '');
    return this.#lines;
  }

  #value(pointer: string, depth: number, name: string): void {
    if (depth > DEPTH_MAX) throw new RangeError('nested too deep');
    const open = this.#peek();
    if (open !== '{' && open !== '[') {
      this.#push(pointer, depth, name + readable(this.#scalar()));
      return;
    }
    const close = open === '{' ? '}' : ']';
    this.#at += 1;
    if (this.#peek() === close) {
      this.#at += 1;
      this.#push(pointer, depth, name + open + close);
      return;
    }
    this.#push(pointer, depth, name + open);
    for (let index = 0; ; index++) {
      if (open === '{') {
        const key = this.#scalar();
        this.#peek();
        this.#at += 1; // the colon
        this.#value(`${pointer}/${escaped(JSON.parse(key) as string)}`, depth + 1, `${readable(key)}: `);
      } else {
        this.#value(`${pointer}/${index}`, depth + 1, '');
      }
      const next = this.#peek();
      this.#at += 1;
      if (next === close) break;
      const last = this.#lines.at(-1);
      if (last) last.text += ',';
    }
    this.#push(pointer, depth, close);
  }

  #push(pointer: string, depth: number, text: string): void {
    this.#lines.push({ pointer, depth, text });
  }

  #peek(): string {
    while (/\s/.test(this.#text.charAt(this.#at))) this.#at += 1;
    return this.#text.charAt(this.#at);
  }

  #scalar(): string {
    this.#peek();
    SCALAR.lastIndex = this.#at;
    const [found] = SCALAR.exec(this.#text) ?? [];
    if (found === undefined) throw new SyntaxError('no JSON');
    this.#at += found.length;
    return found;
  }
}

/** A text without needless escapes (`\u00e9` as é); anything else as it was sent. */
const readable = (lexeme: string) => (lexeme.startsWith('"') ? JSON.stringify(JSON.parse(lexeme)) : lexeme);

const escaped = (key: string) => key.replaceAll('~', '~0').replaceAll('/', '~1');

/** Where to say each error: at the first line of what it points to, or of the nearest thing around it that is there. */
export function errorsByLine(lines: readonly Line[], errors: readonly Pointed[]): Map<number, Pointed[]> {
  const first = new Map<string, number>();
  lines.forEach((line, at) => {
    if (!first.has(line.pointer)) first.set(line.pointer, at);
  });
  const found = new Map<number, Pointed[]>();
  for (const error of errors) {
    let pointer = error.pointer;
    while (pointer !== '' && !first.has(pointer)) pointer = pointer.slice(0, pointer.lastIndexOf('/'));
    const at = first.get(pointer) ?? 0;
    found.set(at, [...(found.get(at) ?? []), error]);
  }
  return found;
}
