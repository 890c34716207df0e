import { ApiError } from '../api/apiError';
import type { ApiClient } from '../api/client';
import markUrl from '../assets/mark.svg';
import { h } from './dom';

/** The page that takes a token. It goes into one request body and is forgotten; the browser keeps only an HttpOnly cookie. */
export class SignIn {
  readonly element: HTMLElement;
  readonly #api: ApiClient;
  readonly #signedIn: () => void;
  readonly #input = h('input', {
    attributes: {
      id: 'token', name: 'token', type: 'password', required: true, autocomplete: 'off', spellcheck: 'false',
      autocapitalize: 'off', 'aria-describedby': 'token-hint token-error',
    },
  });
  readonly #error = h('p', { class: 'form-error', attributes: { id: 'token-error', role: 'alert' } });
  readonly #submit = h('button', { class: 'primary', text: 'Sign in', attributes: { type: 'submit' } });

  constructor(api: ApiClient, signedIn: () => void) {
    this.#api = api;
    this.#signedIn = signedIn;
    const form = h('form', { class: 'sign-in-card', attributes: { novalidate: true }, on: { submit: (event) => void this.#onSubmit(event) } },
      h('img', { class: 'sign-in-mark', attributes: { src: markUrl, alt: '', width: '44', height: '44' } }),
      h('h1', { text: 'Sign in to this devbox' }),
      h('label', { text: 'Access token', attributes: { for: 'token' } }),
      this.#input,
      h('p', { class: 'hint', attributes: { id: 'token-hint' } }, 'Make one inside the devbox with ', h('code', { text: 'sessiond token create' }), '.'),
      this.#error,
      this.#submit,
    );
    this.element = h('main', { class: 'sign-in' }, form);
  }

  focus(): void {
    this.#input.focus();
  }

  async #onSubmit(event: Event): Promise<void> {
    event.preventDefault();
    const token = this.#input.value.trim();
    if (token === '') {
      this.#fail('Paste a token first.');
      return;
    }
    this.#submit.disabled = true;
    this.#error.textContent = '';
    try {
      await this.#api.login(token);
      this.#input.value = '';
      this.#signedIn();
    } catch (error) {
      this.#fail(signInMessage(error));
    } finally {
      this.#submit.disabled = false;
    }
  }

  #fail(message: string): void {
    this.#error.textContent = message;
    this.#input.focus();
    this.#input.select();
  }
}

function signInMessage(error: unknown): string {
  if (!(error instanceof ApiError)) return String(error);
  if (error.status === 401) return 'This token is not accepted. It may be mistyped, expired or revoked.';
  return error.message;
}
