import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DevboxEvent } from '../../src/api/devbox';
import { EventStream, type EventSourceLike } from '../../src/api/eventStream';

class FakeEventSource implements EventSourceLike {
  readyState = 0;
  onopen: EventSourceLike['onopen'] = null;
  onerror: EventSourceLike['onerror'] = null;
  closed = false;
  readonly #listeners = new Map<string, (event: MessageEvent<string>) => void>();

  addEventListener(type: string, listener: (event: MessageEvent<string>) => void): void {
    this.#listeners.set(type, listener);
  }

  close(): void {
    this.closed = true;
  }

  opens(): void {
    this.readyState = 1;
    this.onopen?.(new Event('open'));
  }

  fails(readyState: number): void {
    this.readyState = readyState;
    this.onerror?.(new Event('error'));
  }

  sends(type: string, data: string): void {
    this.#listeners.get(type)?.({ data } as MessageEvent<string>);
  }
}

let sources: FakeEventSource[];
let seen: string[];
let events: DevboxEvent[];
let stream: EventStream;

beforeEach(() => {
  vi.useFakeTimers();
  sources = [];
  seen = [];
  events = [];
  stream = new EventStream(() => {
    const source = new FakeEventSource();
    sources.push(source);
    return source;
  }, {
    onOpen: () => seen.push('open'),
    onLost: () => seen.push('lost'),
    onEvent: (event) => events.push(event),
  });
  stream.start();
});

afterEach(() => vi.useRealTimers());

describe('the event stream', () => {
  it('hands events on with their object', () => {
    sources[0]?.sends('session.removed', '{"name":"a"}');
    expect(events).toEqual([{ type: 'session.removed', data: { name: 'a' } }]);
  });

  it('knows reset by its type, whatever its data is', () => {
    sources[0]?.sends('reset', '');
    sources[0]?.sends('reset', 'not json');
    expect(events.map((event) => event.type)).toEqual(['reset', 'reset']);
  });

  it('leaves a reconnection to the browser while that tries', () => {
    sources[0]?.opens();
    sources[0]?.fails(0);
    vi.advanceTimersByTime(60_000);
    expect(sources).toHaveLength(1);
    expect(seen).toEqual(['open', 'lost']);
  });

  it('opens a new stream when the browser has given up', () => {
    sources[0]?.fails(2);
    vi.advanceTimersByTime(250);
    expect(sources).toHaveLength(2);
    expect(sources[0]?.closed).toBe(true);
  });

  it('opens none after it was stopped', () => {
    sources[0]?.fails(2);
    stream.stop();
    vi.advanceTimersByTime(60_000);
    expect(sources).toHaveLength(1);
  });
});
