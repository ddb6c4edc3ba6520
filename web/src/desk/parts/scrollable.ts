// A box that may be wider than the screen: reachable by keyboard while, and only while, it really scrolls sideways.

/** `<div class="scroll" {@attach scrollable(label)}>` */
export function scrollable(label: string): (box: HTMLElement) => () => void {
  return (box) => {
    const look = () => {
      if (box.scrollWidth > box.clientWidth + 1) {
        box.tabIndex = 0;
        box.setAttribute('role', 'group');
        box.setAttribute('aria-label', label);
      } else {
        box.removeAttribute('tabindex');
        box.removeAttribute('role');
        box.removeAttribute('aria-label');
      }
    };
    const watch = new ResizeObserver(look);
    watch.observe(box);
    return () => watch.disconnect();
  };
}
