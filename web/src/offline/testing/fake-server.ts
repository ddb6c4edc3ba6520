// A server for tests of the phone's side: the sync endpoints over memory, with a line that can be cut anywhere.
// It follows docs/sync.md closely enough to catch a phone that does not; it is no model of the real server.

import type { Changes, OfferAnswer, OfferRequest, Receipt } from '../../api/types';
import { entryName, feedSum } from '../../domain/feed';
import { base64, hex, sha256, utf8 } from '../bytes';
import type { Hello } from '../sync/hello';

/** The line breaks when so much of the request's body has come. */
type CutAt = { cut_at: number };
interface Reply {
  status: number;
  json?: unknown;
  headers?: Record<string, string>;
  bytes?: ArrayBuffer;
  /** Somebody else answers. */
  foreign?: true;
}
type Entry = Changes['changes'][number] & { at: number };

export interface Seen {
  method: string;
  path: string;
  headers: Headers;
  body: ArrayBuffer;
}

export class FakeServer {
  epoch = 'epoch-one';
  audits = new Map<string, { text: string; sha256: string; number: number; photos: string[] }>();
  photos = new Map<string, { length: number; bytes: number[] }>();
  checklists = new Map<string, string>();
  pictures = new Map<string, ArrayBuffer>();
  entries: Entry[] = [];
  seen: Seen[] = [];
  /** What is done instead of, or after, the real thing. Called for every request. */
  fault: (request: Seen) => Reply | CutAt | 'cut before' | 'cut after' | undefined = () => undefined;
  /** Codings of request bodies that it reads, and says so. */
  encodings: string[] = ['gzip', 'zstd', 'br'];
  /** The key that it signs receipts with; without one it is too old to be asked who it is. */
  keys: CryptoKeyPair | undefined;
  /** Other keys that it tells beside: announced, or retired. */
  other_keys: CryptoKeyPair[] = [];
  page_entries = 200;
  /** Bytes of photos that were sent, whether anything came of them or not. */
  carried_bytes = 0;
  #clock = 0;

  readonly fetch: typeof fetch = async (input, init) => {
    const url = new URL(String(input), 'http://phone.test');
    const body = init?.body ? await new Response(init.body).arrayBuffer() : new ArrayBuffer(0);
    const headers = new Headers(init?.headers);
    const request: Seen = {
      method: init?.method ?? 'GET',
      path: url.pathname.replace('/api/v1', ''),
      headers,
      body,
    };
    this.seen.push(request);
    const fault = this.fault(request);
    if (fault === 'cut before') throw new TypeError('network');
    const cut_at = typeof fault === 'object' && 'cut_at' in fault ? fault.cut_at : body.byteLength;
    if (request.method === 'PATCH') this.carried_bytes += cut_at;
    if (typeof fault === 'object' && 'cut_at' in fault) {
      this.#keepPart(request, fault.cut_at);
      throw new TypeError('network');
    }
    const reply =
      typeof fault === 'object' ? fault : await this.#answer(await decoded(request), url.searchParams);
    if (fault === 'cut after') throw new TypeError('network');
    return new Response(reply.json === undefined ? (reply.bytes ?? null) : JSON.stringify(reply.json), {
      status: reply.status,
      headers: {
        ...(reply.foreign ? {} : { 'Server-Time': '2026-11-22T12:00:00.000Z' }),
        ...(reply.json === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...reply.headers,
      },
    });
  };

  put(kind: 'visit' | 'feedback', value: { id: string }, rev = 1): void {
    this.entries = this.entries.filter((entry) => entry.id !== value.id);
    this.entries.push({ kind, id: value.id, rev, op: 'put', value, at: ++this.#clock } as unknown as Entry);
  }

  del(kind: 'visit' | 'feedback', id: string): void {
    this.entries = this.entries.filter((entry) => entry.id !== id);
    this.entries.push({ kind, id, rev: 2, op: 'del', reason: 'reassigned', at: ++this.#clock });
  }

  requests(method: string, path: string): Seen[] {
    return this.seen.filter((request) => request.method === method && request.path.startsWith(path));
  }

  /** Signs what it says from now on, and answers who it is. */
  async makeKeys(): Promise<void> {
    this.keys = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair;
  }

  /** What it says when it is asked who it is. */
  async hello(): Promise<Hello> {
    if (!this.keys) throw new Error('a server without keys says nothing');
    const receipt_keys = await Promise.all([this.keys, ...this.other_keys].map(told));
    return {
      service: 'plainclothes',
      epoch: this.epoch,
      receipt_key: receipt_keys[0]!,
      receipt_keys,
      encodings: this.encodings,
      limits: { chunk_bytes_max: 5 * 1024 * 1024 },
    };
  }

  /** Of a chunk without a checksum, what came of it stays. */
  #keepPart({ method, path, headers, body }: Seen, cut_at: number): void {
    const begun = this.photos.get(path.split('/').at(-1)!);
    if (method !== 'PATCH' || !begun || headers.has('Upload-Checksum')) return;
    if (Number(headers.get('Upload-Offset')) !== begun.bytes.length) return;
    for (const byte of new Uint8Array(body, 0, cut_at)) begun.bytes.push(byte);
  }

  async #answer(request: Seen, query: URLSearchParams): Promise<Reply> {
    const { method, path, headers } = request;
    const name = path.split('/').at(-1)!;
    if (!this.encodings.includes(headers.get('Content-Encoding') ?? 'gzip'))
      return problem(415, 'unsupported_media_type', 'park');
    if (path === '/sync/hello')
      return this.keys ? { status: 200, json: await this.hello() } : problem(404, 'not_found', 'park');
    if (path === '/sync/changes') return { status: 200, json: await this.#changes(query.get('cursor')) };
    if (path === '/sync/offer')
      return { status: 200, json: await this.#offer(read(request) as OfferRequest) };
    if (path === '/sync/commands') {
      const { commands } = read(request) as { commands: { id: string }[] };
      return { status: 200, json: { results: commands.map(({ id }) => ({ id, outcome: 'done' })) } };
    }
    if (path.startsWith('/checklists/pictures/')) {
      const bytes = this.pictures.get(name);
      return bytes
        ? { status: 200, bytes, headers: { 'Content-Type': 'image/png' } }
        : problem(404, 'not_found', 'park');
    }
    if (path.startsWith('/checklists/')) {
      const text = this.checklists.get(name);
      return text === undefined
        ? problem(404, 'not_found', 'park')
        : { status: 200, bytes: utf8(text).buffer };
    }
    if (method === 'PUT') return this.#audit(name, request);
    if (method === 'GET' && path.endsWith('/document')) return this.#document(path.split('/').at(-2)!);
    return this.#photo(method, name, request);
  }

  async #changes(cursor: string | null): Promise<Changes> {
    const [epoch, at] = (cursor ?? '').split('/');
    const reset = epoch !== this.epoch;
    const from = reset ? 0 : Number(at);
    const live = this.entries.filter((entry) => entry.op === 'put');
    const all = (reset ? live : this.entries).filter((entry) => entry.at > from);
    const page = all.slice(0, this.page_entries);
    const sums = await Promise.all(live.map(({ kind, id, rev }) => sha256(utf8(entryName(kind, id, rev)))));
    return {
      epoch: this.epoch,
      reset,
      cursor: `${this.epoch}/${page.at(-1)?.at ?? (reset ? this.#clock : from)}`,
      more: all.length > page.length,
      changes: page.map(({ at: _at, ...change }) => change) as Changes['changes'],
      check: { count: live.length, sum: feedSum(sums) },
    };
  }

  async #offer({ items }: OfferRequest): Promise<OfferAnswer> {
    const answers = items.map(async ({ audit, photos }) => {
      const receipt = this.audits.has(audit) ? await this.receipt(audit) : undefined;
      const needed = photos.filter((photo) => !this.isStored(photo));
      const partial = needed.flatMap((photo) => {
        const begun = this.photos.get(photo);
        return begun ? [[photo, begun.bytes.length]] : [];
      });
      return {
        audit,
        state: receipt ? receipt.state : ('unknown' as const),
        receipt,
        photos_needed: needed,
        partial: Object.fromEntries(partial) as Record<string, number>,
      };
    });
    return { epoch: this.epoch, items: await Promise.all(answers) };
  }

  isStored(photo: string): boolean {
    const begun = this.photos.get(photo);
    return begun !== undefined && begun.bytes.length === begun.length;
  }

  async receipt(audit: string): Promise<Receipt> {
    const { sha256, number, photos } = this.audits.get(audit)!;
    const photos_missing = photos.filter((photo) => !this.isStored(photo));
    return this.signed({
      audit,
      sha256,
      epoch: this.epoch,
      number,
      received_at: '2026-11-22T12:00:00Z',
      state: photos_missing.length === 0 ? 'complete' : 'stored',
      photos_missing,
    });
  }

  async signed(receipt: Omit<Receipt, 'signature'>): Promise<Receipt> {
    const text = utf8(JSON.stringify(receipt));
    const signature = this.keys && (await crypto.subtle.sign('Ed25519', this.keys.privateKey, text));
    return { ...receipt, signature: `ed25519:${signature ? base64(new Uint8Array(signature)) : ''}` };
  }

  async #audit(audit: string, { body }: Seen): Promise<Reply> {
    const text = new TextDecoder().decode(body);
    const known = this.audits.get(audit);
    const digest = hex(await sha256(body));
    if (known) {
      if (known.sha256 !== digest) throw new Error('the same audit came with other bytes');
      return { status: 200, json: await this.receipt(audit) };
    }
    const photos = (JSON.parse(text) as { photos: { sha256: string }[] }).photos.map((photo) => photo.sha256);
    this.audits.set(audit, { text, sha256: digest, number: this.audits.size + 1, photos });
    return { status: 201, json: await this.receipt(audit) };
  }

  async #document(audit: string): Promise<Reply> {
    const known = this.audits.get(audit);
    if (!known) return problem(404, 'not_found', 'park');
    const bytes = utf8(known.text).buffer;
    const digest = `sha-256=:${base64(await sha256(bytes))}:`;
    return {
      status: 200,
      bytes,
      headers: { 'Content-Type': 'application/json', 'Content-Digest': digest },
    };
  }

  async #photo(method: string, name: string, { headers, body }: Seen): Promise<Reply> {
    if (method === 'POST') {
      const named = atob(/^sha256 (\S+?),/.exec(headers.get('Upload-Metadata') ?? '')![1]!);
      if (!this.photos.has(named))
        this.photos.set(named, { length: Number(headers.get('Upload-Length')), bytes: [] });
      return { status: 201, headers: { 'Upload-Offset': String(this.photos.get(named)!.bytes.length) } };
    }
    const begun = this.photos.get(name);
    if (!begun) return method === 'HEAD' ? { status: 404 } : problem(404, 'not_found', 'park');
    if (method === 'GET') {
      return this.isStored(name)
        ? {
            status: 200,
            bytes: new Uint8Array(begun.bytes).buffer,
            headers: { 'Content-Type': 'image/jpeg' },
          }
        : problem(404, 'not_found', 'park');
    }
    if (method === 'PATCH') {
      if (Number(headers.get('Upload-Offset')) !== begun.bytes.length)
        return problem(409, 'offset_mismatch', 'now');
      for (const byte of new Uint8Array(body)) begun.bytes.push(byte);
      if (begun.bytes.length === begun.length && hex(await sha256(new Uint8Array(begun.bytes))) !== name) {
        this.photos.delete(name);
        return problem(422, 'photo_digest_mismatch', 'park');
      }
    }
    return {
      status: method === 'HEAD' ? 200 : 204,
      headers: { 'Upload-Offset': String(begun.bytes.length) },
    };
  }
}

async function told({ publicKey }: CryptoKeyPair): Promise<string> {
  return `ed25519:${base64(new Uint8Array(await crypto.subtle.exportKey('raw', publicKey)))}`;
}

/** The request as it was before it was coded; its digest is of what came. */
async function decoded(request: Seen): Promise<Seen> {
  const digest = request.headers.get('Content-Digest');
  if (digest && digest !== `sha-256=:${base64(await sha256(request.body))}:`)
    throw new Error('the digest is not of what came');
  if (request.headers.get('Content-Encoding') !== 'gzip') return request;
  const stream = new Blob([request.body]).stream().pipeThrough(new DecompressionStream('gzip'));
  return { ...request, body: await new Response(stream).arrayBuffer() };
}

function read({ body }: Seen): unknown {
  return JSON.parse(new TextDecoder().decode(body));
}

export function problem(
  status: number,
  code: string,
  retry: string,
  headers?: Record<string, string>,
): Reply {
  return {
    status,
    json: { type: 'about:blank', title: code, status, detail: code, code, request_id: 'r', retry },
    headers: { ...headers, 'Content-Type': 'application/problem+json' },
  };
}
