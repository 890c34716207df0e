import type { Size } from '../api/types';
import { backoffDelay } from '../backoff';
import { AckPolicy } from './ackPolicy';
import { closeAction } from './closeCodes';
import { readFrame, writeInput, type Frame } from './frames';
import { Heartbeat } from './heartbeat';
import { readMessage, type ClientMessage, type Role, type ServerMessage } from './messages';
import type { Phase } from './phase';
import type { OpenSocket, SocketLike, TerminalPort } from './ports';
import { attachPath, type Position } from './url';

export const dialect = 'sessiond.v1';

/** A connection that lived this long was a success: the next loss starts the back-off anew. */
const stableMilliseconds = 10_000;

export interface AttachOptions {
  mode: 'control' | 'observe';
  /** Evict a controller that is there. Only ever true for something that the user asked for. */
  takeover: boolean;
}

export interface AttachmentOwner {
  /** Phase, role, size or title changed. */
  changed(): void;
  /** The size that the session should take, while this page can tell. */
  fit(): Size | null;
  /** This page became the controller, or came back as it. */
  controls(): void;
}

/** What one connection brings with it; a callback of an older one must not speak for the newer. */
interface Connection {
  readonly socket: SocketLike;
  acks: AckPolicy | null;
}

/** One session in the `sessiond.v1` dialect: connects, applies the stream, comes back after a loss, and knows when not to. */
export class Attachment {
  readonly #session: string;
  readonly #terminal: TerminalPort;
  readonly #owner: AttachmentOwner;
  readonly #openSocket: OpenSocket;
  readonly #heartbeat: Heartbeat;
  #options: AttachOptions = { mode: 'control', takeover: false };
  #connection: Connection | null = null;
  #phase: Phase = { name: 'closed' };
  #role: Role | null = null;
  #size: Size | null = null;
  #title: string | null = null;
  #epoch: string | null = null;
  /** Null while no snapshot is whole: there is nothing to go on from. */
  #position: Position | null = null;
  #resume: string | null = null;
  #exit: { code: number | null; signal: string | null } | null = null;
  #takenOver: { by: string | null; at: string | null } | null = null;
  #attempt = 0;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #stableTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(session: string, terminal: TerminalPort, owner: AttachmentOwner, openSocket: OpenSocket) {
    this.#session = session;
    this.#terminal = terminal;
    this.#owner = owner;
    this.#openSocket = openSocket;
    this.#heartbeat = new Heartbeat({
      ping: (id) => this.#tell({ type: 'ping', id }),
      dead: () => this.#lost(1006, ''),
    });
  }

  get phase(): Phase {
    return this.#phase;
  }

  /** The role that the server gave; null while not attached. */
  get role(): Role | null {
    return this.#phase.name === 'attached' ? this.#role : null;
  }

  /** The session's winsize as the stream last told it. */
  get size(): Size | null {
    return this.#size;
  }

  get title(): string | null {
    return this.#title;
  }

  /** The user asks to be attached: at first, and after every phase that does not end by itself. */
  open(options: AttachOptions): void {
    this.#options = options;
    // Not a coming back, so it asks for control on its own account.
    this.#resume = null;
    this.#attempt = 0;
    this.#connect(options.takeover);
  }

  /** Comes back without taking anything from anybody, as after a lost connection. */
  resume(): void {
    this.#attempt = 0;
    this.#connect(false);
  }

  close(): void {
    this.#drop(1000);
    this.#set({ name: 'closed' });
  }

  /** Input of the user. Dropped unless this page is the controller: blind typing into a later moment would be worse. */
  input(bytes: Uint8Array): void {
    if (this.role !== 'controller') return;
    for (const message of writeInput(bytes)) this.#connection?.socket.send(message);
  }

  resize(size: Size, xpixel: number, ypixel: number): void {
    if (this.role === 'controller') this.#tell({ type: 'resize', ...size, xpixel, ypixel });
  }

  profile(colours: { foreground: string; background: string; cursor: string }): void {
    if (this.role === 'controller') this.#tell({ type: 'profile', ...colours });
  }

  /** The user asks for control of the session that this page observes. */
  claim(): void {
    this.#options = { mode: 'control', takeover: true };
    this.#tell({ type: 'claim' });
  }

  /** The user gives control up and goes on watching. */
  release(): void {
    this.#options = { mode: 'observe', takeover: false };
    this.#tell({ type: 'release' });
  }

  /** The machine woke up or the network came back: try now instead of later. */
  wake(): void {
    if (this.#phase.name === 'waiting') this.#connect(false);
    else if (this.#phase.name === 'attached') this.#heartbeat.probe();
  }

  #connect(takeover: boolean): void {
    this.#drop(1000);
    this.#exit = null;
    this.#takenOver = null;
    this.#set({ name: 'connecting' });
    const { mode } = this.#options;
    const path = attachPath(this.#session, {
      mode, takeover, size: mode === 'control' ? this.#owner.fit() : null, since: this.#position, resume: this.#resume,
    });
    const socket = this.#openSocket(path, dialect);
    socket.binaryType = 'arraybuffer';
    const connection: Connection = { socket, acks: null };
    this.#connection = connection;
    socket.onmessage = (event) => this.#receive(connection, event.data);
    socket.onclose = (event) => this.#lost(event.code, event.reason);
    this.#heartbeat.start();
  }

  #receive(connection: Connection, data: unknown): void {
    this.#heartbeat.heard();
    if (typeof data === 'string') {
      const message = readMessage(data);
      if (message) this.#onMessage(connection, message);
      return;
    }
    let frame: Frame;
    try {
      frame = readFrame(data as ArrayBuffer);
    } catch {
      // What comes after a broken message does not join what is on the screen: start from a snapshot.
      this.#position = null;
      this.#lost(1006, '');
      return;
    }
    this.#onFrame(connection, frame);
  }

  #onFrame(connection: Connection, frame: Frame): void {
    switch (frame.type) {
      case 'snapshot': {
        if (frame.begin) {
          this.#position = null;
          this.#terminal.reset();
        }
        const { offset, end } = frame;
        this.#terminal.write(frame.bytes, () => {
          if (!end) return;
          connection.acks?.applied(offset);
          connection.acks?.flush(true);
        });
        if (end) this.#reached(offset);
        break;
      }
      case 'output': {
        const after = frame.offset + frame.bytes.length;
        connection.acks?.received(after);
        this.#terminal.write(frame.bytes, () => connection.acks?.applied(after));
        this.#reached(after);
        break;
      }
      case 'unknown':
        break;
    }
  }

  #onMessage(connection: Connection, message: ServerMessage): void {
    switch (message.type) {
      case 'hello':
        this.#onHello(connection, message);
        break;
      case 'role':
        this.#role = message.role;
        this.#changedRole();
        break;
      case 'size':
        this.#resized({ cols: message.cols, rows: message.rows });
        this.#owner.changed();
        break;
      case 'title':
        this.#title = message.title ?? null;
        this.#owner.changed();
        break;
      case 'exit':
        this.#exit = { code: message.code ?? null, signal: message.signal ?? null };
        break;
      case 'taken_over':
        this.#takenOver = { by: message.by ?? null, at: message.at ?? null };
        break;
      case 'lag': // a snapshot follows, and says all
      case 'pong': // arriving was its meaning
        break;
    }
  }

  #onHello(connection: Connection, hello: Extract<ServerMessage, { type: 'hello' }>): void {
    if (this.#epoch !== hello.epoch) this.#position = null;
    this.#epoch = hello.epoch;
    this.#role = hello.role;
    this.#resume = hello.attachment ?? null;
    connection.acks = new AckPolicy(hello.window, this.#position?.offset ?? hello.offset ?? 0, (offset) => {
      if (this.#connection === connection) this.#tell({ type: 'ack', offset });
    });
    this.#resized({ cols: hello.cols, rows: hello.rows });
    this.#stableTimer = setTimeout(() => { this.#attempt = 0; }, stableMilliseconds);
    this.#set({ name: 'attached' });
    if (hello.role === 'controller') this.#owner.controls();
  }

  #changedRole(): void {
    this.#owner.changed();
    if (this.role === 'controller') this.#owner.controls();
  }

  #resized(size: Size): void {
    this.#size = size;
    this.#terminal.resize(size);
  }

  #reached(offset: number): void {
    if (this.#epoch !== null) this.#position = { epoch: this.#epoch, offset };
  }

  /** The socket is closed, or as good as that. */
  #lost(code: number, reason: string): void {
    this.#drop(1000);
    const action = closeAction(code);
    switch (action) {
      case 'stop':
        this.#set({ name: 'closed' });
        break;
      case 'retry':
        this.#retryLater();
        break;
      case 'retry_now':
        // An upgrade asks for it once; a server that keeps asking gets the back-off.
        if (this.#attempt === 0) {
          this.#attempt = 1;
          this.#connect(false);
        } else {
          this.#retryLater();
        }
        break;
      case 'taken_over':
        this.#set({ name: 'taken_over', by: this.#takenOver?.by ?? null, at: this.#takenOver?.at ?? null });
        break;
      case 'ended':
        this.#set({ name: 'ended', code: this.#exit?.code ?? null, signal: this.#exit?.signal ?? null });
        break;
      case 'refused':
        this.#set({ name: 'refused', code, reason });
        break;
      default:
        this.#set({ name: action });
    }
  }

  #retryLater(): void {
    const delay = backoffDelay(this.#attempt++, Math.random());
    this.#retryTimer = setTimeout(() => this.#connect(false), delay);
    this.#set({ name: 'waiting', retryAt: Date.now() + delay });
  }

  /** Lets go of the connection without waiting for its closing handshake: a dead peer would never answer it. */
  #drop(code: number): void {
    clearTimeout(this.#retryTimer);
    clearTimeout(this.#stableTimer);
    this.#heartbeat.stop();
    const connection = this.#connection;
    this.#connection = null;
    if (!connection) return;
    connection.acks?.stop();
    connection.socket.onmessage = null;
    connection.socket.onclose = null;
    connection.socket.close(code);
  }

  #tell(message: ClientMessage): void {
    // Before `hello` nothing is said: the heartbeat already runs, but the socket may not be open.
    if (this.#phase.name === 'attached') this.#connection?.socket.send(JSON.stringify(message));
  }

  #set(phase: Phase): void {
    this.#phase = phase;
    this.#owner.changed();
  }
}
