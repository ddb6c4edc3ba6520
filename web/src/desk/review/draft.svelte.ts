// What a reviewer has written about one audit and not sent yet. Kept for the tab, so that a reload or a look at another
// page loses nothing; gone once a decision is made.

interface Kept {
  message: string;
  comments: Record<string, string>;
}

export class Draft {
  message = $state('');
  comments = $state<Record<string, string>>({});
  readonly #key: string;

  constructor(audit: string) {
    this.#key = `plainclothes.draft.${audit}`;
    try {
      const kept = JSON.parse(sessionStorage.getItem(this.#key) ?? 'null') as Kept | null;
      if (kept) {
        this.message = kept.message;
        this.comments = kept.comments;
      }
    } catch {
      // Storage forbidden or filled by another version: begin afresh.
    }
  }

  keep(): void {
    try {
      const kept: Kept = { message: this.message, comments: this.comments };
      sessionStorage.setItem(this.#key, JSON.stringify(kept));
    } catch {
      // Then it lives as long as the page.
    }
  }

  forget(): void {
    this.message = '';
    this.comments = {};
    try {
      sessionStorage.removeItem(this.#key);
    } catch {
      // Nothing was kept either.
    }
  }

  /** The comments that say something, in the order given. */
  written(order: readonly string[]): { question: string; text: string }[] {
    return order.flatMap((question) => {
      const text = this.comments[question]?.trim();
      return text ? [{ question, text }] : [];
    });
  }
}
