// A click anywhere in a row leads where the row's own link (`a.row`) leads. Only a comfort for the mouse: keyboards and
// screen readers use the link. Marked text, other controls in the row and modified clicks stay what they are.

/** Attach to a `tbody`: `<tbody {@attach rowLinks}>`. */
export function rowLinks(body: HTMLElement): () => void {
  const onclick = (event: MouseEvent) => {
    const target = event.target as Element;
    if (target.closest('a, button, input, select, summary, label')) return;
    if (getSelection()?.isCollapsed === false) return;
    const link = target.closest('tr')?.querySelector<HTMLAnchorElement>('a.row');
    if (!link) return;
    if (event.ctrlKey || event.metaKey) open(link.href, '_blank', 'noopener');
    else link.click();
  };
  body.addEventListener('click', onclick);
  return () => body.removeEventListener('click', onclick);
}
