import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { WebSocketServer } from 'ws';
import type { AutoCommitObject, CreateSession, SessionObject, StatusObject } from '../../src/api/types';
import { status } from '../unit/records';
import { MockSession } from './mockSession';

const contentTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.md': 'text/markdown',
};

/** The policy that the daemon serves the page with. */
const contentSecurityPolicy = "default-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'";

export const token = 'right-token';

/** Speaks enough of the endpoint for the page to be seen and driven without a daemon. */
export class MockDaemon {
  readonly sessions = new Map<string, MockSession>();
  status: StatusObject = status();
  autoCommit: AutoCommitObject | null = null;
  /** Names whose terminate is refused with this list until it is forced. */
  readonly unsaved = new Map<string, string[]>();
  readonly #server: Server;
  readonly #webSockets = new WebSocketServer({ noServer: true, handleProtocols: (offered) => (offered.has('sessiond.v1') ? 'sessiond.v1' : false) });
  readonly #watchers = new Set<ServerResponse>();
  readonly #dist: string;
  #eventId = 0;
  #cookie = 'session=valid';

  constructor(dist: string) {
    this.#dist = dist;
    this.#server = createServer((request, response) => void this.#answer(request, response));
    this.#server.on('upgrade', (request, socket, head) => {
      const match = /^\/v1\/sessions\/([^/]+)\/attach\?(.*)$/.exec(request.url ?? '');
      this.#webSockets.handleUpgrade(request, socket, head, (webSocket) => {
        if (!this.#signedIn(request)) return webSocket.close(4003);
        const session = this.sessions.get(decodeURIComponent(match?.[1] ?? ''));
        if (!session) return webSocket.close(4004);
        session.attach(webSocket, new URLSearchParams(match?.[2]));
      });
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  async close(): Promise<void> {
    for (const client of this.#webSockets.clients) client.terminate();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  add(name: string, changes: Partial<SessionObject> = {}): MockSession {
    const session = new MockSession(name, changes, (object) => this.publish('session.changed', object));
    this.sessions.set(name, session);
    this.publish('session.created', session.object);
    return session;
  }

  get(name: string): MockSession {
    const session = this.sessions.get(name);
    if (!session) throw new Error(`no session ${name}`);
    return session;
  }

  publish(type: string, data: unknown): void {
    const event = `id: ${++this.#eventId}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
    for (const watcher of this.#watchers) watcher.write(event);
  }

  /** Cuts every connection, as a lost network does. */
  cut(): void {
    for (const client of this.#webSockets.clients) client.terminate();
  }

  /** The token is revoked: cookies count no more, live sockets are closed. */
  revoke(): void {
    this.#cookie = 'session=newer';
    for (const client of this.#webSockets.clients) client.close(4003);
    for (const watcher of this.#watchers) watcher.destroy();
  }

  #signedIn(request: IncomingMessage): boolean {
    return (request.headers.cookie ?? '').split('; ').includes(this.#cookie);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://mock');
    if (!pathname.startsWith('/v1/')) return this.#file(pathname, response);
    const body = await read(request);
    if (pathname === '/v1/login') return this.#login(body, response);
    if (!this.#signedIn(request)) return problem(response, 401, 'Not signed in');
    const route = `${request.method} ${pathname}`;
    if (route === 'GET /v1/events') return this.#watch(response);
    if (route === 'GET /v1/status') return json(response, 200, { ...this.status, sessions: this.sessions.size });
    if (route === 'GET /v1/auto-commit') return this.autoCommit ? json(response, 200, this.autoCommit) : problem(response, 404, 'No auto-commit');
    if (route === 'GET /v1/sessions') return json(response, 200, [...this.sessions.values()].map((session) => session.object));
    if (route === 'POST /v1/sessions') return this.#create(JSON.parse(body) as CreateSession, response);
    const match = /^\/v1\/sessions\/([^/]+)(?:\/(\w+))?$/.exec(pathname);
    const session = this.sessions.get(decodeURIComponent(match?.[1] ?? ''));
    if (!session) return problem(response, 404, 'No such session');
    if (request.method === 'DELETE') return this.#terminate(session, searchParams.has('force'), response);
    session.change(match?.[2] === 'stop'
      ? { state: 'stopped', exit_signal: 'SIGHUP', exited_at: new Date().toISOString() }
      : { state: 'running', exit_code: null, exit_signal: null, exited_at: null });
    json(response, 200, session.object);
  }

  #login(body: string, response: ServerResponse): void {
    if ((JSON.parse(body) as { token: string }).token !== token) return problem(response, 401, 'Unknown token');
    response.setHeader('set-cookie', `${this.#cookie}; HttpOnly; SameSite=Strict; Path=/`);
    response.writeHead(204).end();
  }

  #watch(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write(': hello\n\n');
    this.#watchers.add(response);
    response.on('close', () => this.#watchers.delete(response));
  }

  #create(wanted: CreateSession, response: ServerResponse): void {
    const name = wanted.name ?? 'quiet-otter';
    if (this.sessions.has(name)) return problem(response, 409, 'Exists', `There is a session ${name} already.`);
    json(response, 201, this.add(name, { command: wanted.command ?? null }).object);
  }

  #terminate(session: MockSession, force: boolean, response: ServerResponse): void {
    const { name } = session.object;
    const unsaved = this.unsaved.get(name);
    if (unsaved && !force) return problem(response, 409, 'Unsaved work', `${name} holds unsaved work.`, { unsaved });
    this.sessions.delete(name);
    for (const client of [...session.clients]) client.socket.close(4004);
    this.publish('session.removed', session.object);
    json(response, 200, { killed: [], left: [] });
  }

  #file(pathname: string, response: ServerResponse): void {
    const file = join(this.#dist, normalize(pathname === '/' ? '/index.html' : pathname));
    if (!existsSync(file) || !statSync(file).isFile()) return problem(response, 404, 'No such file');
    response.writeHead(200, {
      'content-type': contentTypes[extname(file)] ?? 'application/octet-stream', 'content-security-policy': contentSecurityPolicy,
    });
    createReadStream(file).pipe(response);
  }
}

async function read(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString();
}

function json(response: ServerResponse, code: number, body: unknown): void {
  response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function problem(response: ServerResponse, code: number, title: string, detail?: string, more: object = {}): void {
  response.writeHead(code, { 'content-type': 'application/problem+json' }).end(JSON.stringify({ title, detail, status: code, ...more }));
}
