// How large a chunk is, and what a bad line costs with it: simulated, with a clock that the test moves.

import { describe, expect, it } from 'vitest';
import { FakeServer } from '../testing/fake-server';
import { handIn, phone, visit } from '../testing/sample';
import { afterChunk, afterCut, chunkBytes, FRESH_PACE, LEAST_BYTES, MOST_BYTES } from './pace';
import { runRound } from './round';

const KIB = 1024;

describe('the size of a chunk', () => {
  it('begins at 256 KiB and never exceeds what the server takes', () => {
    const plain = { photo_bytes: 9 * MOST_BYTES, checked: false };
    expect(chunkBytes(FRESH_PACE, plain)).toBe(256 * KIB);
    expect(chunkBytes(FRESH_PACE, { ...plain, most_bytes: 100 * KIB })).toBe(100 * KIB);
    const fast = { chunk_bytes: 9 * MOST_BYTES, cut: false };
    expect(chunkBytes(fast, { ...plain, most_bytes: 9 * MOST_BYTES })).toBe(MOST_BYTES);
  });

  it('puts at most an eighth of a photo at stake where a chunk is all or nothing', () => {
    const of = (photo_bytes: number) => chunkBytes(FRESH_PACE, { photo_bytes, checked: true });
    expect([of(8_000_000), of(1_000_000), of(300_000)]).toEqual([256 * KIB, 125_000, 64 * KIB]);
  });

  it('doubles after quick chunks, up to 1 MiB', () => {
    let pace = FRESH_PACE;
    const sizes = [1, 2, 3, 4].map(() => {
      pace = afterChunk(pace, pace.chunk_bytes, 200);
      return pace.chunk_bytes / KIB;
    });
    expect(sizes).toEqual([512, 1024, 1024, 1024]);
  });

  it('aims at six and a half seconds of the rate that was measured', () => {
    // 256 KiB in 42 s is 50 kbit/s.
    expect(afterChunk(FRESH_PACE, 256 * KIB, 42_000).chunk_bytes).toBe(39 * KIB);
    expect(afterChunk(FRESH_PACE, 256 * KIB, 5_000).chunk_bytes).toBe(332 * KIB);
    expect(afterChunk(FRESH_PACE, 256 * KIB, 600_000).chunk_bytes).toBe(LEAST_BYTES);
  });

  it('takes the end of a photo for no measurement', () => {
    expect(afterChunk(FRESH_PACE, 3 * KIB, 900)).toBe(FRESH_PACE);
  });

  it('halves after each cut, down to 16 KiB, and sends without checksums from then on', () => {
    let pace = FRESH_PACE;
    const sizes = [1, 2, 3, 4, 5, 6].map(() => (pace = afterCut(pace)).chunk_bytes / KIB);
    expect(sizes).toEqual([128, 64, 32, 16, 16, 16]);
    expect(pace.cut).toBe(true);
    expect(afterChunk(pace, 16 * KIB, 100).cut).toBe(true);
  });
});

/** A line of this rate that is cut every so often; what was under way when it was cut was sent for nothing. */
function badLine(server: FakeServer, rate_bytes_per_ms: number, cut_every_ms: number) {
  const ROUND_TRIP_MS = 150;
  const UNDER_WAY_BYTES = 1_460;
  let now_ms = 0;
  server.fault = ({ method, body }) => {
    const cut_ms = (Math.floor(now_ms / cut_every_ms) + 1) * cut_every_ms;
    const needed_ms = ROUND_TRIP_MS + body.byteLength / rate_bytes_per_ms;
    if (now_ms + needed_ms < cut_ms) {
      now_ms += needed_ms;
      return undefined;
    }
    const sent_bytes = Math.max(0, Math.floor((cut_ms - now_ms - ROUND_TRIP_MS) * rate_bytes_per_ms));
    now_ms = cut_ms;
    if (method !== 'PATCH') return 'cut before';
    server.carried_bytes += Math.min(UNDER_WAY_BYTES, sent_bytes);
    return { cut_at: Math.max(0, sent_bytes - UNDER_WAY_BYTES) };
  };
  return () => now_ms;
}

async function send(sizes: readonly number[], rate_bytes_per_ms: number, cut_every_ms: number) {
  const server = new FakeServer();
  const here = await phone(server);
  here.line.clock_ms = badLine(server, rate_bytes_per_ms, cut_every_ms);
  const audit = await handIn(here.db, await visit('one'), sizes);
  for (let rounds = 0; (await here.db.get('outbox', audit))?.state !== 'complete'; rounds++) {
    if (rounds > 100) throw new Error('it does not arrive');
    await runRound(here, () => {});
  }
  const size_bytes = sizes.reduce((sum, size) => sum + size, 0);
  return {
    ratio: server.carried_bytes / size_bytes,
    useful: size_bytes / rate_bytes_per_ms / here.line.clock_ms(),
    server,
  };
}

describe('on a line of 50 kbit/s that is cut every five seconds', () => {
  it('sends at most 15 % more than there is', async () => {
    expect((await send([400_000], 6.25, 5_000)).ratio).toBeLessThan(1.15);
    expect((await send([450_000, 450_000, 450_000], 6.25, 5_000)).ratio).toBeLessThan(1.08);
  });

  it('uses most of the time for what counts', async () => {
    expect((await send([450_000, 450_000, 450_000], 6.25, 5_000)).useful).toBeGreaterThan(0.75);
  });
});

describe('on a line that holds', () => {
  it('sends each byte once, in few requests', async () => {
    const { ratio, server } = await send([5_000_000], 500, 1_000_000);
    expect(ratio).toBe(1);
    expect(server.requests('PATCH', '/photos').length).toBeLessThan(12);
  });
});
