// What a manager or client is looking at: which client, checklist, period and region. It lives in the address, so that a
// page can be passed on, kept as a bookmark and reloaded.
import { choose } from '../lib/choice';
import { daysIn, isPreset, periodOf, type Period, type Preset } from '../lib/period';
import { clients } from '../state/calls';
import { today } from '../state/today';
import { load } from '../state/load.svelte';
import { router } from '../state/router.svelte';

/** The client last looked at, so that going from page to page does not lose it. */
let last: string | undefined;

/** To be made while a component is set up. */
export class RankingScope {
  readonly clients = load(
    () => true,
    (_key, signal) => clients(signal),
  );
  readonly today = today();

  readonly #choice = $derived(
    choose(
      this.clients.value?.items ?? [],
      { client: router.query.get('client'), checklist: router.query.get('checklist') },
      last,
    ),
  );
  readonly client = $derived(this.#choice.client);
  readonly checklist = $derived(this.#choice.checklist);
  readonly preset = $derived.by<Preset>(() => {
    const asked = router.query.get('period');
    return isPreset(asked) ? asked : 'last90';
  });
  readonly period = $derived<Period>(
    periodOf(this.preset, this.today, {
      from: router.query.get('from') ?? undefined,
      to: router.query.get('to') ?? undefined,
    }),
  );
  readonly region = $derived(router.query.get('region') ?? '');
  readonly turned = $derived(daysIn(this.period) < 1);

  /** The same view in the address of another page. */
  readonly query = $derived({
    client: this.client?.id,
    checklist: this.checklist?.slug,
    period: this.preset === 'last90' ? null : this.preset,
    from: this.preset === 'custom' ? this.period.from : null,
    to: this.preset === 'custom' ? this.period.to : null,
    region: this.region,
  });

  constructor() {
    $effect(() => {
      if (this.client) last = this.client.id;
    });
  }
}
