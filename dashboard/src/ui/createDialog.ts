import type { ApiClient } from '../api/client';
import type { CreateSession, SessionObject } from '../api/types';
import { button, h } from './dom';

/** The rule for names that the endpoint holds everybody to. */
const namePattern = '[A-Za-z0-9][A-Za-z0-9._\\-]{0,63}';

/** Asks for a new session's name, command and folder; all of them may be left empty. */
export class CreateDialog {
  readonly element: HTMLDialogElement;
  readonly #api: ApiClient;
  readonly #created: (session: SessionObject) => void;
  readonly #form: HTMLFormElement;
  readonly #name = field('name', 'A readable random name', { pattern: namePattern, title: 'Letters, digits, dot, dash and underscore; 64 at most' });
  readonly #command = field('command', 'The shell');
  readonly #cwd = field('cwd', 'The workspace');
  readonly #error = h('p', { class: 'form-error', attributes: { role: 'alert' } });
  readonly #submit = h('button', { class: 'primary', text: 'Create', attributes: { type: 'submit' } });

  constructor(api: ApiClient, created: (session: SessionObject) => void) {
    this.#api = api;
    this.#created = created;
    this.#form = h('form', { on: { submit: (event) => void this.#onSubmit(event) } },
      h('h2', { text: 'New session', attributes: { id: 'create-heading' } }),
      h('label', { text: 'Name', attributes: { for: 'create-name' } }), this.#name,
      h('label', { text: 'Command', attributes: { for: 'create-command' } }), this.#command,
      h('label', { text: 'Working folder', attributes: { for: 'create-cwd' } }), this.#cwd,
      this.#error,
      h('div', { class: 'dialog-actions' }, button('Cancel', () => this.element.close()), this.#submit),
    );
    this.element = h('dialog', { attributes: { 'aria-labelledby': 'create-heading' } }, this.#form);
  }

  show(): void {
    this.#form.reset();
    this.#error.textContent = '';
    this.element.showModal();
    this.#name.focus();
  }

  async #onSubmit(event: Event): Promise<void> {
    event.preventDefault();
    this.#submit.disabled = true;
    this.#error.textContent = '';
    try {
      const session = await this.#api.create(this.#request());
      this.element.close();
      this.#created(session);
    } catch (error) {
      this.#error.textContent = error instanceof Error ? error.message : String(error);
    } finally {
      this.#submit.disabled = false;
    }
  }

  #request(): CreateSession {
    const request: CreateSession = {};
    if (this.#name.value.trim()) request.name = this.#name.value.trim();
    if (this.#command.value.trim()) request.command = this.#command.value.trim();
    if (this.#cwd.value.trim()) request.cwd = this.#cwd.value.trim();
    return request;
  }
}

function field(name: string, placeholder: string, attributes: Record<string, string> = {}): HTMLInputElement {
  return h('input', {
    attributes: { id: `create-${name}`, name, placeholder, autocomplete: 'off', autocapitalize: 'off', spellcheck: 'false', ...attributes },
  });
}
