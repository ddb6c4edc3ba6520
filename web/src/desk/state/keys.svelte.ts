// Keyboard shortcuts of a page: single letters, silent while someone types or a dialog is open.

export type Shortcuts = Record<string, () => void>;

/** To be called while a component is set up; `of` is read at each key, so it may depend on the page's state. */
export function shortcuts(of: () => Shortcuts): void {
  $effect(() => {
    const onkeydown = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || event.repeat) return;
      if (typing(event.target) || document.querySelector('dialog[open]')) return;
      const act = of()[event.key];
      if (!act) return;
      event.preventDefault();
      act();
    };
    addEventListener('keydown', onkeydown);
    return () => removeEventListener('keydown', onkeydown);
  });
}

function typing(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches('input:not([type=radio]), textarea, select'))
  );
}
