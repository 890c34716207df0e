import { backoffDelay } from '../backoff';
import type { DevboxEvent } from './devbox';

/** The part of `EventSource` that is used here, so that a test can stand in for it. */
export interface EventSourceLike {
  readonly readyState: number;
  onopen: ((event: Event) => void) | null;
  onerror: ((event: Event) => void) | null;
  addEventListener(type: string, listener: (event: MessageEvent<string>) => void): void;
  close(): void;
}

export interface EventStreamListener {
  /** The stream is open, for the first time or again. What happened while it was not may have been missed. */
  onOpen(): void;
  onEvent(event: DevboxEvent): void;
  /** The stream is interrupted; it comes back by itself. */
  onLost(): void;
}

const eventTypes = [
  'session.created', 'session.changed', 'session.removed', 'session.bell', 'session.output',
  'hook.changed', 'devbox.changed', 'auto_commit.changed', 'reset',
] as const;

/** `EventSource.CLOSED`: the browser has given up, for instance because the answer was no 200. */
const closed = 2;

/**
 * GET /v1/events. The browser reconnects by itself and sends `Last-Event-ID`; where it gives up, a new stream is opened
 * with back-off. That one cannot send an id, and `onOpen` makes the owner read the list again.
 */
export class EventStream {
  readonly #open: () => EventSourceLike;
  readonly #listener: EventStreamListener;
  #source: EventSourceLike | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;

  constructor(open: () => EventSourceLike, listener: EventStreamListener) {
    this.#open = open;
    this.#listener = listener;
  }

  start(): void {
    this.stop();
    const source = this.#open();
    this.#source = source;
    source.onopen = () => {
      this.#attempt = 0;
      this.#listener.onOpen();
    };
    source.onerror = () => this.#onError(source);
    for (const type of eventTypes) {
      source.addEventListener(type, (message) => this.#onMessage(type, message.data));
    }
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = null;
  }

  #onError(source: EventSourceLike): void {
    if (source !== this.#source) return;
    this.#listener.onLost();
    if (source.readyState !== closed) return;
    this.#timer = setTimeout(() => this.start(), backoffDelay(this.#attempt++, Math.random()));
  }

  #onMessage(type: string, text: string): void {
    let data: unknown = null;
    try {
      data = text === '' ? null : JSON.parse(text);
    } catch {
      // An event whose data is no JSON comes from a newer daemon; its type alone may still matter (`reset`).
    }
    this.#listener.onEvent({ type, data });
  }
}
