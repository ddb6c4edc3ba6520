// A document made readable where it is JSON, and left alone where it is not.

/** Null when the text is no JSON: then it is shown as it was sent. */
export function indented(text: string): string | null {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return null;
  }
}
