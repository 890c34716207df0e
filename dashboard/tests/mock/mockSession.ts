import type { WebSocket } from 'ws';
import type { SessionObject } from '../../src/api/types';
import { output, snapshot } from '../unit/fakeSocket';
import { session } from '../unit/records';

/** What a client asked for when it attached. */
export interface Attached {
  socket: WebSocket;
  query: URLSearchParams;
  role: 'controller' | 'observer';
  received: Buffer[];
  told: Record<string, unknown>[];
}

/** A session without a program: it keeps what was printed as its snapshot, and echoes what it gets. */
export class MockSession {
  object: SessionObject;
  readonly clients: Attached[] = [];
  /** Every attachment ever, in order. */
  readonly history: Attached[] = [];
  readonly #changed: (session: SessionObject) => void;
  #printed = '';

  constructor(name: string, changes: Partial<SessionObject>, changed: (session: SessionObject) => void) {
    this.object = session(name, changes);
    this.#changed = changed;
  }

  change(changes: Partial<SessionObject>): void {
    this.object = { ...this.object, ...changes };
    this.#changed(this.object);
  }

  attach(socket: WebSocket, query: URLSearchParams): void {
    const wantsControl = query.get('mode') !== 'observe';
    const controller = this.clients.find((client) => client.role === 'controller');
    const foreign = this.object.controller !== null && !controller;
    const client: Attached = { socket, query, role: wantsControl ? 'controller' : 'observer', received: [], told: [] };
    this.history.push(client);
    if (wantsControl && (controller || foreign) && query.get('takeover') !== '1') {
      socket.close(4009);
      return;
    }
    if (wantsControl && controller) this.evict(controller, 'you, elsewhere');
    this.clients.push(client);
    socket.on('message', (data, binary) => this.#receive(client, data as Buffer, binary));
    socket.on('close', () => this.#left(client));
    this.#welcome(client);
  }

  /** Somebody else takes control. */
  takenOver(by: string): void {
    const controller = this.clients.find((client) => client.role === 'controller');
    if (controller) this.evict(controller, by);
    this.change({ controller: by });
  }

  evict(client: Attached, by: string): void {
    tell(client, { type: 'taken_over', by, at: new Date().toISOString() });
    client.socket.close(4001);
    this.#left(client);
  }

  print(text: string): void {
    const offset = this.object.offset;
    this.#printed += text;
    this.object.offset += Buffer.byteLength(text);
    for (const client of this.clients) client.socket.send(output(offset, text));
  }

  exit(code: number): void {
    for (const client of [...this.clients]) {
      tell(client, { type: 'exit', code });
      client.socket.close(4002);
    }
    this.change({ state: 'stopped', exit_code: code, exited_at: new Date().toISOString(), pid: null });
  }

  #welcome(client: Attached): void {
    const { query } = client;
    if (client.role === 'controller' && query.has('cols')) this.#resize(Number(query.get('cols')), Number(query.get('rows')), client);
    const { epoch, offset, size, state } = this.object;
    tell(client, {
      type: 'hello', proto: 'sessiond.v1', epoch, role: client.role, ...size, offset, state, features: [], attachment: `a${this.history.length}`, window: 262_144,
    });
    const since = query.get('since');
    if (since?.startsWith(`${epoch}:`)) {
      const from = Number(since.slice(epoch.length + 1));
      const missing = Buffer.from(this.#printed).subarray(Buffer.byteLength(this.#printed) - (offset - from));
      if (missing.length > 0) client.socket.send(output(from, missing.toString()));
    } else {
      client.socket.send(snapshot(1, offset, '\x1bc'));
      client.socket.send(snapshot(2, offset, this.#printed));
    }
    if (this.object.title) tell(client, { type: 'title', title: this.object.title });
    if (this.object.state === 'stopped') {
      tell(client, { type: 'exit', code: this.object.exit_code });
      client.socket.close(4002);
    }
    this.#count();
  }

  #receive(client: Attached, data: Buffer, binary: boolean): void {
    if (binary) {
      client.received.push(data.subarray(1));
      if (client.role === 'controller') this.print(data.subarray(1).toString().replaceAll('\r', '\r\n'));
      return;
    }
    const message = JSON.parse(data.toString()) as Record<string, unknown>;
    client.told.push(message);
    if (message['type'] === 'ping') tell(client, { type: 'pong', id: message['id'] });
    if (message['type'] === 'resize') this.#resize(Number(message['cols']), Number(message['rows']), null);
    if (message['type'] === 'claim' || message['type'] === 'release') {
      client.role = message['type'] === 'claim' ? 'controller' : 'observer';
      tell(client, { type: 'role', role: client.role });
      this.#count();
    }
  }

  #resize(cols: number, rows: number, except: Attached | null): void {
    this.object.size = { cols, rows };
    for (const client of this.clients) {
      if (client !== except) tell(client, { type: 'size', cols, rows, offset: this.object.offset });
    }
  }

  #left(client: Attached): void {
    const at = this.clients.indexOf(client);
    if (at < 0) return;
    this.clients.splice(at, 1);
    this.#count();
  }

  #count(): void {
    const controlled = this.clients.some((client) => client.role === 'controller');
    this.change({
      attached: this.clients.length > 0,
      controller: controlled ? 'you' : null,
      observers: this.clients.filter((client) => client.role === 'observer').length,
    });
  }
}

function tell(client: Attached, message: Record<string, unknown>): void {
  client.socket.send(JSON.stringify(message));
}
