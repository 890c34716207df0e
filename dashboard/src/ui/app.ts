import { ApiError } from '../api/apiError';
import { ApiClient } from '../api/client';
import { DevboxStore } from '../api/devboxStore';
import { EventStream } from '../api/eventStream';
import type { OpenSocket, SocketLike } from '../attach/ports';
import { SignIn } from './signIn';
import { Toasts } from './toasts';
import { Workspace, type WorkspaceOwner } from './workspace';

/** Puts the page together, and changes between signing in and working. */
export class App implements WorkspaceOwner {
  readonly api = new ApiClient(window.fetch, () => this.signIn());
  readonly store = new DevboxStore(this.api);
  readonly toasts = new Toasts();
  readonly openSocket: OpenSocket = openWebSocket;
  readonly #root: HTMLElement;
  readonly #events = new EventStream(() => new EventSource('/v1/events'), this.store);
  readonly #signIn = new SignIn(this.api, () => this.#signedIn());
  readonly #workspace = new Workspace(this);

  constructor(root: HTMLElement) {
    this.#root = root;
    document.addEventListener('visibilitychange', () => this.#onVisibility());
  }

  async start(): Promise<void> {
    try {
      await this.api.status();
    } catch (error) {
      // 401: the sign-in page is there already. Anything else: the event stream goes on trying.
      if (error instanceof ApiError && error.status === 401) return;
    }
    this.#signedIn();
  }

  signIn(): void {
    if (this.#signIn.element.isConnected) return;
    this.#events.stop();
    this.#root.replaceChildren(this.#signIn.element, this.toasts.element);
    document.title = 'Sign in · sessiond';
    this.#signIn.focus();
  }

  /** An HTTP/1.1 browser has six connections for all pages of a devbox, and each event stream holds one: a hidden page lets go. */
  #onVisibility(): void {
    if (!this.#workspace.element.isConnected) return;
    if (document.hidden) this.#events.stop();
    else this.#events.start();
  }

  #signedIn(): void {
    this.#root.replaceChildren(this.#workspace.element, this.toasts.element);
    this.#events.start();
    this.#workspace.followHash();
    this.#workspace.signedIn();
  }
}

const openWebSocket: OpenSocket = (path, protocol) => {
  const url = new URL(path, location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  // The cookie goes along by itself. The cast narrows event types that the browser fills as promised.
  return new WebSocket(url, protocol) as unknown as SocketLike;
};
