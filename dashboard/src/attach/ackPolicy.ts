/** Acknowledged at once when so much was applied since: an eighth of the server's window, so that it never runs dry. */
const windowShare = 8;
/** Acknowledged at once when so much was applied since and nothing more has arrived: a slow client's window may be smaller than that share, and the server waits. */
const idleBytes = 1024;
/** Otherwise an ack may wait this long; it matters to the server's bookkeeping only. */
const idleMilliseconds = 200;

/** The window of a server that names none. */
const defaultWindowBytes = 256 * 1024;

/** Decides when the position that the terminal has applied is told to the server: seldom, but well inside the window. */
export class AckPolicy {
  readonly #send: (offset: number) => void;
  readonly #threshold: number;
  #received = 0;
  #applied = 0;
  #sent = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(window: number | undefined, from: number, send: (offset: number) => void) {
    this.#threshold = (window ?? defaultWindowBytes) / windowShare;
    this.#received = from;
    this.#applied = from;
    this.#sent = from;
    this.#send = send;
  }

  /** Everything before `offset` has arrived. */
  received(offset: number): void {
    this.#received = Math.max(this.#received, offset);
  }

  /** The terminal has applied everything before `offset`. */
  applied(offset: number): void {
    this.#applied = Math.max(this.#applied, offset);
    const isIdle = this.#applied >= this.#received;
    if (this.#applied - this.#sent >= (isIdle ? Math.min(idleBytes, this.#threshold) : this.#threshold)) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), idleMilliseconds);
  }

  /** Sends what is due. A snapshot's position is sent even if it is not new: the server waits for it. */
  flush(always = false): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!always && this.#applied === this.#sent) return;
    this.#sent = this.#applied;
    this.#send(this.#applied);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
