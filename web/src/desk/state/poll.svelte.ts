// Asking again from time to time, as long as something is still going on.

const every_ms = 1500;

/** To be called while a component is set up; `on` is read each time the state it reads changes. */
export function poll(on: () => boolean, again: () => void): void {
  $effect(() => {
    if (!on()) return;
    const timer = setInterval(again, every_ms);
    return () => clearInterval(timer);
  });
}
