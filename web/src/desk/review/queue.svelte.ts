// The queue as the reviewer last saw it, so that one audit's page can lead to the next without going back to the list.
// Ids only; what they stand for is asked anew.

class Queue {
  ids = $state.raw<string[]>([]);

  around(id: string): { at: number; all: number; previous: string | undefined; next: string | undefined } {
    const at = this.ids.indexOf(id);
    return {
      at,
      all: this.ids.length,
      previous: at > 0 ? this.ids[at - 1] : undefined,
      next: at >= 0 ? this.ids[at + 1] : undefined,
    };
  }
}

export const queue = new Queue();
