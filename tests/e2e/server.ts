// Starts the real program with a demo agency on a free port and a folder of its own, and talks to its API.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const program = resolve(__dirname, '../../target/debug/plainclothes');
const PASSWORD = 'plainclothes';
const START_TIMEOUT_MS = 60_000;

export interface Server {
  url: string;
  folder: string;
  stop(): Promise<void>;
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.on('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => (address && typeof address === 'object' ? done(address.port) : fail(new Error('no port'))));
    });
  });
}

async function ready(url: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`);
    const answer = await fetch(`${url}/readyz`).catch(() => null);
    if (answer?.ok) return;
    await new Promise((wake) => setTimeout(wake, 100));
  }
  throw new Error('the server was not ready in time');
}

/** Starts a server; `stop` ends it and removes its folder. */
export async function startServer(): Promise<Server> {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const folder = mkdtempSync(join(tmpdir(), 'plainclothes-e2e-'));
  const flags = ['serve', '--demo', '--listen', `127.0.0.1:${port}`, '--public-url', url, '--data-dir', folder];
  const child = spawn(program, flags, { stdio: ['ignore', 'ignore', 'inherit'] });
  await ready(url, child);
  return {
    url,
    folder,
    stop: async () => {
      const ended = new Promise((done) => child.once('exit', done));
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Runs a command of the program on the server's data; returns what it prints. */
export function run(server: Server, ...command: string[]): string {
  return execFileSync(program, [...command, '--data-dir', server.folder], { timeout: 60_000 }).toString();
}

/** Somebody of the demo who calls the API directly, to check what the pages have done. */
export class Caller {
  private constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  static async signIn(server: Server, role: string): Promise<Caller> {
    const body = JSON.stringify({ email: `${role}@demo.example`, password: PASSWORD, device_name: 'browser test' });
    const answer = await fetch(`${server.url}/api/v1/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    if (!answer.ok) throw new Error(`${role} cannot sign in: ${answer.status}`);
    return new Caller(server.url, (await answer.json()).token);
  }

  async bytes(path: string, init: RequestInit = {}): Promise<Buffer> {
    const headers = { authorization: `Bearer ${this.token}`, 'content-type': 'application/json', ...init.headers };
    const answer = await fetch(`${this.url}/api/v1${path}`, { ...init, headers });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return Buffer.from(await answer.arrayBuffer());
  }

  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests read whatever the API says
  async json(path: string): Promise<any> {
    return JSON.parse((await this.bytes(path)).toString());
  }

  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  async post(path: string, body: unknown): Promise<any> {
    const said = await this.bytes(path, { method: 'POST', body: JSON.stringify(body) });
    return said.length === 0 ? undefined : JSON.parse(said.toString());
  }
}

export { PASSWORD };
