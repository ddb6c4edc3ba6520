// One round of sync: asks the plan for the next step, takes it, and does as the failure says when it fails.
// Not here: when a round is run (owner.ts).

import { ApiProblem } from '../../api/client';
import { getMeta, setMeta } from '../db';
import { feedState, lackingChecklists } from '../feed';
import { changeItem, oldestFirst } from '../outbox';
import { lackingPictures } from '../pictures';
import type { Context } from './context';
import { consequence, Untrusted, type EndReason } from './failure';
import * as handing_in from './handing-in';
import { doubtHello, hello, isHelloDue } from './hello';
import { FRESH_ROUND, keyOf, next, type Round, type Step, type World } from './plan';
import * as steps from './steps';

export interface RoundResult {
  end: 'done' | EndReason;
  /** Steps that have to be tried again in another round. */
  aside: number;
  /** Something arrived, here or there. */
  moved: boolean;
  retry_after_ms: number;
  update_required: boolean;
  /** The server has no room for photos just now. */
  storage_full: boolean;
}

/** `onStep` is called after each step that changed something on the phone. */
export async function runRound(context: Context, onStep: () => void): Promise<RoundResult> {
  let round: Round = FRESH_ROUND;
  const result: RoundResult = {
    end: 'done',
    aside: 0,
    moved: false,
    retry_after_ms: 0,
    update_required: false,
    storage_full: false,
  };
  const tries = new Map<string, number>();
  let heard_again = false;
  for (;;) {
    const step = next(await worldOf(context), round);
    if (!step) return result;
    try {
      await take(context, step, () => {
        result.moved = true;
        onStep();
      });
      // To have asked is no progress: a line that only answers questions must not keep what failed coming back at once.
      result.moved ||= !['hello', 'pull', 'offer'].includes(step.do);
      round = after(round, step);
    } catch (error) {
      const key = keyOf(step);
      tries.set(key, (tries.get(key) ?? 0) + 1);
      if (step.do === 'photo' && (await restarted(context, step.sha256, error))) continue;
      if (error instanceof Untrusted && !heard_again) {
        // The key may be younger than the hello: when the server has said it anew, the step is taken again, once.
        heard_again = true;
        await doubtHello(context.db);
        round = { ...round, greeted: false };
        continue;
      }
      const what = consequence(error, step, tries.get(key)!);
      if (what.then === 'end_round') {
        // Perhaps it is another network by now.
        if (what.why === 'offline' || what.why === 'portal') await doubtHello(context.db);
        const retry_after_ms = Math.max(result.retry_after_ms, what.retry_after_ms ?? 0);
        const until = new Date(context.now().getTime() + retry_after_ms).toISOString();
        await setMeta(context.db, 'rest', { until });
        return { ...result, end: what.why, retry_after_ms };
      }
      if (what.then === 'park') await park(context, step, what);
      if (what.then === 'put_aside') {
        round = { ...round, aside: new Set([...round.aside, key]) };
        result.aside += 1;
        result.retry_after_ms = Math.max(result.retry_after_ms, what.retry_after_ms ?? 0);
        result.update_required ||= what.update_required ?? false;
        result.storage_full ||= what.storage_full ?? false;
      }
    }
    onStep();
  }
}

async function worldOf({ db, now }: Context): Promise<World> {
  const [outbox, commands, feed, offered, lacking_checklists, lacking_pictures, hello_due] =
    await Promise.all([
      db.getAll('outbox'),
      db.count('commands'),
      feedState(db),
      getMeta(db, 'offered'),
      lackingChecklists(db),
      lackingPictures(db),
      isHelloDue(db, now()),
    ]);
  return {
    epoch: feed.epoch,
    offered_epoch: offered?.epoch ?? null,
    outbox: oldestFirst(outbox),
    commands,
    lacking_checklists,
    lacking_pictures,
    offered_audits: offered?.audits ?? 0,
    hello_due,
  };
}

async function take(context: Context, step: Step, moved: () => void): Promise<void> {
  switch (step.do) {
    case 'hello':
      return hello(context);
    case 'offer':
      return handing_in.offer(context, step.audits);
    case 'audit':
      return handing_in.audit(context, step.audit);
    case 'commands':
      return steps.commands(context);
    case 'pull':
      return steps.pull(context);
    case 'checklist':
      return steps.checklist(context, step.sha256);
    case 'picture':
      return steps.picture(context, step.sha256);
    case 'photo':
      return handing_in.photo(context, step.audit, step.sha256, moved);
  }
}

function after(round: Round, step: Step): Round {
  switch (step.do) {
    case 'hello':
      return { ...round, greeted: true };
    case 'offer':
      return { ...round, offered: true, sent_since_offer: false };
    case 'audit':
    case 'photo':
      return { ...round, sent_since_offer: true };
    case 'pull':
      return { ...round, pulled: true };
    case 'commands':
    case 'checklist':
    case 'picture':
      return round;
  }
}

/** What arrived was not what was sent: the photo is begun anew, once. */
async function restarted({ db }: Context, name: string, error: unknown): Promise<boolean> {
  if (!(error instanceof ApiProblem && error.code === 'photo_digest_mismatch')) return false;
  let anew = false;
  await handing_in.changePhoto(db, name, (photo) => {
    anew = photo.restarts === 0;
    if (anew) Object.assign(photo, { restarts: 1, sent_bytes: 0 });
  });
  return anew;
}

async function park({ db }: Context, step: Step, problem: { code: string; detail: string }): Promise<void> {
  const { code, detail } = problem;
  if (step.do === 'audit') {
    await changeItem(db, step.audit, (item) => {
      item.state = 'parked';
      item.problem = { code, detail };
    });
  } else if (step.do === 'photo') {
    await handing_in.changePhoto(db, step.sha256, (photo) => {
      photo.state = 'parked';
      photo.problem = { code, detail };
    });
  }
}
