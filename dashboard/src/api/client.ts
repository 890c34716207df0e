import { ApiError } from './apiError';
import type {
  AutoCommitObject,
  CreateSession,
  SessionObject,
  StatusObject,
  TerminateResult,
} from './types';

export type SessionVerb = 'start' | 'stop' | 'restart' | 'pause' | 'resume';

/** The requests that this page makes. The credential is an HttpOnly cookie, so it never passes through here but once, in `login`. */
export class ApiClient {
  readonly #fetch: typeof fetch;
  readonly #onUnauthorized: () => void;

  constructor(fetcher: typeof fetch, onUnauthorized: () => void) {
    this.#fetch = fetcher;
    this.#onUnauthorized = onUnauthorized;
  }

  /** Exchanges a token for the cookie. A 401 is the answer to this request, not the end of a signed-in time. */
  async login(token: string): Promise<void> {
    const response = await this.#send('POST', '/v1/login', { token });
    if (!response.ok) throw await ApiError.of(response);
  }

  status(): Promise<StatusObject> {
    return this.#json('GET', '/v1/status');
  }

  sessions(): Promise<SessionObject[]> {
    return this.#json('GET', '/v1/sessions');
  }

  /** Null where this devbox has no auto-commit. */
  async autoCommit(): Promise<AutoCommitObject | null> {
    try {
      return await this.#json('GET', '/v1/auto-commit');
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return null;
      throw error;
    }
  }

  create(session: CreateSession): Promise<SessionObject> {
    return this.#json('POST', '/v1/sessions', session);
  }

  act(name: string, verb: SessionVerb): Promise<SessionObject> {
    return this.#json('POST', `${sessionPath(name)}/${verb}`);
  }

  /** @throws ApiError 409 with `unsaved` when work would be lost and `force` is false. */
  terminate(name: string, force: boolean): Promise<TerminateResult> {
    return this.#json('DELETE', sessionPath(name) + (force ? '?force=1' : ''));
  }

  async rerunHook(name: string): Promise<void> {
    await this.#json<unknown>('POST', `/v1/hooks/${encodeURIComponent(name)}/rerun`);
  }

  async flushAutoCommit(): Promise<void> {
    await this.#json<unknown>('POST', '/v1/auto-commit/flush');
  }

  async #json<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await this.#send(method, path, body);
    if (response.status === 401) this.#onUnauthorized();
    if (!response.ok) throw await ApiError.of(response);
    const text = await response.text();
    return (text === '' ? null : JSON.parse(text)) as T;
  }

  async #send(method: string, path: string, body?: unknown): Promise<Response> {
    const init: RequestInit = { method, credentials: 'same-origin', cache: 'no-store' };
    if (body !== undefined) {
      init.body = JSON.stringify(body);
      init.headers = { 'content-type': 'application/json' };
    }
    try {
      // Called as a plain function: `fetch` refuses any other receiver.
      const fetcher = this.#fetch;
      return await fetcher(path, init);
    } catch {
      throw ApiError.unreachable();
    }
  }
}

export function sessionPath(name: string): string {
  return `/v1/sessions/${encodeURIComponent(name)}`;
}
