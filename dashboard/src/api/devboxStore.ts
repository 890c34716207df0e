import { ApiError } from './apiError';
import type { ApiClient } from './client';
import { emptyDevbox, listed, needsList, reduce, type Devbox, type DevboxEvent } from './devbox';
import type { EventStreamListener } from './eventStream';

/** Between two tries to read the list while the event stream is open: quick for a person, idle for the daemon. */
const retryMilliseconds = 3000;

/** Holds the devbox, keeps it current from the event stream, and tells its subscribers. */
export class DevboxStore implements EventStreamListener {
  readonly #api: ApiClient;
  readonly #subscribers = new Set<() => void>();
  #devbox: Devbox = emptyDevbox;
  #live = false;
  #listing = false;
  #listAgain = false;
  #retry: ReturnType<typeof setTimeout> | undefined;
  /** Events that arrived while the list was being read: they may be newer than it. */
  #pending: DevboxEvent[] = [];

  constructor(api: ApiClient) {
    this.#api = api;
  }

  get devbox(): Devbox {
    return this.#devbox;
  }

  /** False while the event stream is interrupted: what is shown may be old. */
  get live(): boolean {
    return this.#live;
  }

  subscribe(subscriber: () => void): () => void {
    this.#subscribers.add(subscriber);
    return () => this.#subscribers.delete(subscriber);
  }

  onOpen(): void {
    clearTimeout(this.#retry);
    this.#live = true;
    void this.list();
  }

  onLost(): void {
    clearTimeout(this.#retry);
    this.#live = false;
    this.#publish();
    // An EventSource cannot tell a 401 from a dead network; an ordinary request can, and its owner shows the sign-in page.
    this.#api.status().catch(() => undefined);
  }

  onEvent(event: DevboxEvent): void {
    if (this.#listing) {
      this.#pending.push(event);
      if (event.type === 'reset') this.#listAgain = true;
      return;
    }
    if (needsList(this.#devbox, event)) void this.list();
    this.#set(reduce(this.#devbox, event));
  }

  /** Reads everything again. */
  async list(): Promise<void> {
    if (this.#listing) {
      this.#listAgain = true;
      return;
    }
    this.#listing = true;
    try {
      const [status, sessions, autoCommit] = await Promise.all([
        this.#api.status(), this.#api.sessions(), this.#api.autoCommit().catch(() => null),
      ]);
      this.#devbox = this.#pending.reduce(reduce, listed(status, sessions, autoCommit));
    } catch (error) {
      this.#live = false;
      this.#devbox = this.#pending.reduce(reduce, this.#devbox);
      // 401 has led to the sign-in page, and signing in opens the stream anew.
      if (!(error instanceof ApiError && error.status === 401)) this.#retry = setTimeout(() => this.onOpen(), retryMilliseconds);
    } finally {
      this.#pending = [];
      this.#listing = false;
      this.#publish();
    }
    if (this.#listAgain) {
      this.#listAgain = false;
      void this.list();
    }
  }

  #set(devbox: Devbox): void {
    if (devbox === this.#devbox) return;
    this.#devbox = devbox;
    this.#publish();
  }

  #publish(): void {
    for (const subscriber of this.#subscribers) subscriber();
  }
}
