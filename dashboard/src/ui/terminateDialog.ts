import { ApiError } from '../api/apiError';
import type { ApiClient } from '../api/client';
import type { TerminateResult } from '../api/types';
import { button, h, setText } from './dom';

/** Asks before a session is terminated, and again, with the list of what would be lost, when the daemon refuses. */
export class TerminateDialog {
  readonly element: HTMLDialogElement;
  readonly #api: ApiClient;
  readonly #done: (name: string, result: TerminateResult) => void;
  readonly #heading = h('h2', { attributes: { id: 'terminate-heading' } });
  readonly #text = h('p');
  readonly #unsaved = h('ul', { class: 'unsaved', attributes: { 'aria-label': 'Unsaved work' } });
  readonly #error = h('p', { class: 'form-error', attributes: { role: 'alert' } });
  readonly #cancel = button('Cancel', () => this.element.close());
  readonly #confirm = button('Terminate', () => void this.#terminate(), { class: 'destructive' });
  #name = '';
  #force = false;

  constructor(api: ApiClient, done: (name: string, result: TerminateResult) => void) {
    this.#api = api;
    this.#done = done;
    this.element = h('dialog', { attributes: { 'aria-labelledby': 'terminate-heading' } },
      this.#heading, this.#text, this.#unsaved, this.#error,
      h('div', { class: 'dialog-actions' }, this.#cancel, this.#confirm),
    );
  }

  show(name: string): void {
    this.#name = name;
    this.#force = false;
    setText(this.#heading, `Terminate ${name}?`);
    setText(this.#text, 'Its processes are ended. Its screen, scrollback and log are removed.');
    setText(this.#confirm, 'Terminate');
    this.#error.textContent = '';
    this.#unsaved.replaceChildren();
    this.#unsaved.hidden = true;
    this.element.showModal();
    this.#cancel.focus();
  }

  async #terminate(): Promise<void> {
    this.#confirm.disabled = true;
    this.#error.textContent = '';
    try {
      const result = await this.#api.terminate(this.#name, this.#force);
      this.element.close();
      this.#done(this.#name, result);
    } catch (error) {
      this.#refused(error);
    } finally {
      this.#confirm.disabled = false;
    }
  }

  #refused(error: unknown): void {
    if (!(error instanceof ApiError) || error.status !== 409 || error.unsaved.length === 0) {
      this.#error.textContent = error instanceof Error ? error.message : String(error);
      return;
    }
    this.#force = true;
    setText(this.#text, 'This work is neither committed nor pushed, and would be lost:');
    this.#unsaved.replaceChildren(...error.unsaved.map((item) => h('li', { text: item })));
    this.#unsaved.hidden = false;
    setText(this.#confirm, 'Terminate and lose it');
    this.#cancel.focus();
  }
}
