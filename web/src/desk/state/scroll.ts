// Back leads to the place on a page where it was left, though its content has to be fetched anew. Not for going forward to a
// new page: that begins at the top.

interface Kept {
  scroll_px?: number;
}
const patience_ms = 3000;

/** To be called once, before the first page is drawn. */
export function keepScroll(): void {
  history.scrollRestoration = 'manual';
  let timer: ReturnType<typeof setTimeout> | undefined;
  addEventListener(
    'scroll',
    () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        const kept: Kept = { ...(history.state as Kept | null), scroll_px: scrollY };
        history.replaceState(kept, '');
      }, 150);
    },
    { passive: true },
  );
  addEventListener('hashchange', () => {
    // A scroll that was still to be noted belongs to the page just left.
    clearTimeout(timer);
    const to = keptScroll();
    if (to > 0) whenLongEnough(to, performance.now() + patience_ms);
  });
}

/** Where this step of the history was left; 0 for a new one. */
export function keptScroll(): number {
  return (history.state as Kept | null)?.scroll_px ?? 0;
}

function whenLongEnough(to: number, until: number): void {
  requestAnimationFrame((now) => {
    if (document.documentElement.scrollHeight >= to + innerHeight) scrollTo(0, to);
    else if (now < until) whenLongEnough(to, until);
  });
}
