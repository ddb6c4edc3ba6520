// The last thing that was done, to be said to the reader for a while. Errors are not said here: they stay where they happened.

const shown_ms = 6000;

class Said {
  text = $state('');
  /** Grows with each saying, so that the same words twice are said twice. */
  count = $state(0);
  #timer: ReturnType<typeof setTimeout> | undefined;

  say(text: string): void {
    clearTimeout(this.#timer);
    this.text = text;
    this.count += 1;
    this.#timer = setTimeout(() => (this.text = ''), shown_ms);
  }
}

export const said = new Said();
