// Shrinks photos off the page's thread, so that the form stays quick; on it when the worker cannot be had.

import { scriptUrl } from '../trusted';
import { shrink, Unreadable, type Shrunk } from './shrink';
import workerAddress from './shrink.worker?worker&url';

type Answer = { id: number; shrunk?: Shrunk; unreadable?: true };

let worker: Worker | null | undefined;
let last_id = 0;

function start(): Worker | null {
  try {
    return new Worker(scriptUrl(workerAddress), { type: 'module' });
  } catch {
    return null;
  }
}

/** Throws Unreadable when the file is no picture. */
export async function shrunk(file: Blob): Promise<Shrunk> {
  worker ??= start();
  if (!worker) return shrink(file);
  const used = worker;
  const id = ++last_id;
  const answer = await new Promise<Answer | null>((resolve) => {
    const onMessage = (event: MessageEvent<Answer>) => {
      if (event.data.id !== id) return;
      done(event.data);
    };
    const onError = () => done(null);
    const done = (said: Answer | null) => {
      used.removeEventListener('message', onMessage);
      used.removeEventListener('error', onError);
      resolve(said);
    };
    used.addEventListener('message', onMessage);
    used.addEventListener('error', onError);
    used.postMessage({ id, file });
  });
  if (answer?.shrunk) return answer.shrunk;
  if (answer?.unreadable) throw new Unreadable('This is not a picture.');
  worker = null;
  return shrink(file);
}
