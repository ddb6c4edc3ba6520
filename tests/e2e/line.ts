// The line between a browser and the server, as a proxy: it counts what goes over it, slows it down, answers in the server's
// place as a hotel's network would, and gives out another service worker as an update would.
import { createServer, request as ask, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Server } from './server';

export interface Instead {
  status: number;
  headers?: Record<string, string>;
  body?: string;
}

export class Line {
  /** Requests that came, with the bytes of their bodies that did. */
  readonly seen: { method: string; path: string; bytes: number }[] = [];
  /** Bytes of request bodies per second; none is as fast as it goes. */
  bytes_per_s: number | undefined;
  /**
   * It breaks each time so many bytes of photos have gone over it since it last did. Each request then has a connection of its
   * own: on one that was used before Chromium repeats by itself, once, what broke off, and no page can keep it from that.
   */
  photo_bytes_per_break: number | undefined;
  breaks = 0;
  /** What somebody else answers, before the server hears of it. */
  instead: (method: string, path: string) => Instead | undefined = () => undefined;
  /** What is written after every service worker: another text is another version of the app. */
  worker_more = '';
  url = '';
  #proxy = createServer((request, response) => void this.#carry(request, response).catch(() => response.destroy()));

  private constructor(private readonly server: Server) {}

  static async to(server: Server): Promise<Line> {
    const line = new Line(server);
    await new Promise<void>((done) => line.#proxy.listen(0, '127.0.0.1', done));
    line.url = `http://localhost:${(line.#proxy.address() as AddressInfo).port}`;
    return line;
  }

  async stop(): Promise<void> {
    const ended = new Promise((done) => this.#proxy.close(done));
    this.#proxy.closeAllConnections();
    await ended;
  }

  /** A line as it was in the beginning, for the next story. */
  reset(): void {
    this.seen.length = 0;
    this.bytes_per_s = undefined;
    this.photo_bytes_per_break = undefined;
    this.breaks = 0;
    this.instead = () => undefined;
    this.worker_more = '';
  }

  requests(method: string, path: string) {
    return this.seen.filter((one) => one.method === method && one.path.startsWith(`/api/v1${path}`));
  }

  /** Bytes of photos that went over it. */
  get photo_bytes(): number {
    return this.requests('PATCH', '/photos').reduce((sum, { bytes }) => sum + bytes, 0);
  }

  #isToBreak(): boolean {
    if (!this.photo_bytes_per_break || this.photo_bytes < (this.breaks + 1) * this.photo_bytes_per_break) return false;
    this.breaks += 1;
    return true;
  }

  async #carry(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url: path = '/' } = request;
    const seen = { method, path, bytes: 0 };
    this.seen.push(seen);
    if (this.photo_bytes_per_break) response.shouldKeepAlive = false;
    const instead = this.instead(method, path);
    if (instead) {
      response.writeHead(instead.status, instead.headers).end(instead.body);
      return;
    }
    const worker = path.endsWith('/sw.js');
    // What is written after a worker has to be able to be.
    const { 'accept-encoding': _coded, 'if-none-match': _known, ...plain } = request.headers;
    const onward = ask(this.server.url + path, { method, headers: worker ? plain : request.headers });
    const answered = new Promise<IncomingMessage>((done, fail) => onward.on('response', done).on('error', fail));
    answered.catch(() => {});
    response.on('close', () => onward.destroy());
    for await (const chunk of request as AsyncIterable<Buffer>) {
      // Small pieces, so that what is cut off is cut off where it stands.
      for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
        const piece = chunk.subarray(at, at + PIECE_BYTES);
        if (this.bytes_per_s) await new Promise((wake) => setTimeout(wake, (1000 * piece.length) / this.bytes_per_s!));
        seen.bytes += piece.length;
        if (response.destroyed) return;
        onward.write(piece);
        if (method === 'PATCH' && this.#isToBreak()) {
          // What was written has arrived; then both ends find the line gone.
          await new Promise((written) => onward.write('', written));
          onward.destroy();
          request.socket.destroy();
          return;
        }
      }
    }
    onward.end();
    const answer = await answered;
    const more = worker ? this.worker_more : '';
    const { 'content-length': length, ...headers } = answer.headers;
    response.writeHead(answer.statusCode ?? 502, { ...headers, ...(length && !more ? { 'content-length': length } : {}) });
    for await (const chunk of answer as AsyncIterable<Buffer>) response.write(chunk);
    response.end(more);
  }
}

const PIECE_BYTES = 4 * 1024;
