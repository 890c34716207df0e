import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiClient } from '../../src/api/client';
import { DevboxStore } from '../../src/api/devboxStore';
import type { SessionObject } from '../../src/api/types';
import { session, status } from './records';

let sessions: SessionObject[];
let requests: string[];
let answer: number;
let hold: Promise<void> | null;
let unauthorized: number;
let store: DevboxStore;

beforeEach(() => {
  vi.useFakeTimers();
  sessions = [session('a')];
  requests = [];
  answer = 200;
  hold = null;
  unauthorized = 0;
  const fetcher = async (path: RequestInfo | URL): Promise<Response> => {
    requests.push(String(path));
    await hold;
    if (answer !== 200) return new Response(null, { status: answer });
    return Response.json(path === '/v1/sessions' ? sessions : path === '/v1/status' ? status() : null);
  };
  store = new DevboxStore(new ApiClient(fetcher as typeof fetch, () => { unauthorized++; }));
});

afterEach(() => vi.useRealTimers());

const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

describe('the devbox store', () => {
  it('lists when the stream opens', async () => {
    store.onOpen();
    await settle();
    expect([...store.devbox.sessions.keys()]).toEqual(['a']);
    expect(store.live).toBe(true);
  });

  it('lists again on reset', async () => {
    store.onOpen();
    await settle();
    sessions = [session('b')];
    store.onEvent({ type: 'reset', data: null });
    await settle();
    expect([...store.devbox.sessions.keys()]).toEqual(['b']);
  });

  it('applies events that arrive while the list is read, after it', async () => {
    let release = (): void => undefined;
    hold = new Promise((resolve) => { release = resolve; });
    store.onOpen();
    store.onEvent({ type: 'session.created', data: session('new') });
    release();
    await settle();
    expect([...store.devbox.sessions.keys()]).toEqual(['a', 'new']);
  });

  it('tries again when the list cannot be read', async () => {
    answer = 503;
    store.onOpen();
    await settle();
    expect(store.live).toBe(false);
    answer = 200;
    await vi.advanceTimersByTimeAsync(3000);
    expect([...store.devbox.sessions.keys()]).toEqual(['a']);
    expect(store.live).toBe(true);
  });

  it('leads to the sign-in page on 401, and asks no more', async () => {
    answer = 401;
    store.onLost();
    store.onOpen();
    await settle();
    expect(unauthorized).toBeGreaterThan(0);
    const before = requests.length;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(requests).toHaveLength(before);
  });
});
