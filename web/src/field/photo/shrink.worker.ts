// The worker round shrink(): takes { id, file }, answers { id, shrunk } or { id, unreadable }.

import { shrink } from './shrink';

addEventListener('message', (event: MessageEvent<{ id: number; file: Blob }>) => {
  const { id, file } = event.data;
  shrink(file).then(
    (shrunk) => postMessage({ id, shrunk }, { transfer: [shrunk.bytes] }),
    () => postMessage({ id, unreadable: true }),
  );
});
