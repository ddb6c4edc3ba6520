// Notes in which epoch the server answers. Not here: what is offered anew in a new one (plan.ts).

import { feedState, forgetCursor } from '../feed';
import type { Context } from './context';

/** In a new epoch the feed is read from the beginning. */
export async function sawEpoch({ db }: Pick<Context, 'db'>, epoch: string): Promise<void> {
  const known = (await feedState(db)).epoch;
  if (known !== null && known !== epoch) await forgetCursor(db, epoch);
}
