import type { Role } from '../../attach/messages';
import type { Size } from '../../api/types';
import { button, h, setText } from '../dom';

export interface ToolbarActions {
  toggleControl(): void;
  search(): void;
  detach(): void;
}

export interface ToolbarView {
  title: string;
  role: Role | null;
  size: Size | null;
}

/** The line above a terminal: what it is, who one is in it, and what one can do. */
export class Toolbar {
  readonly element: HTMLElement;
  readonly #title = h('span', { class: 'toolbar-title' });
  readonly #role = h('span', { class: 'badge' });
  readonly #size = h('span', { class: 'muted toolbar-size' });
  readonly #control: HTMLButtonElement;

  constructor(name: string, actions: ToolbarActions) {
    this.#control = button('Watch only', () => actions.toggleControl(), { class: 'quiet' });
    this.element = h('div', { class: 'toolbar', attributes: { role: 'toolbar', 'aria-label': `Terminal ${name}` } },
      h('strong', { class: 'toolbar-name', text: name }), this.#title, this.#role, this.#size,
      h('span', { class: 'spacer' }),
      this.#control,
      button('Search', () => actions.search(), { class: 'quiet', attributes: { title: 'Ctrl+Shift+F', 'aria-keyshortcuts': 'Control+Shift+F' } }),
      button('Detach', () => actions.detach(), { class: 'quiet', attributes: { title: 'Close this tab; the session goes on' } }),
    );
  }

  update(view: ToolbarView): void {
    setText(this.#title, view.title);
    setText(this.#size, view.size ? `${view.size.cols} × ${view.size.rows}` : '');
    this.#role.hidden = view.role !== 'observer';
    setText(this.#role, 'read-only');
    this.#control.hidden = view.role === null;
    setText(this.#control, view.role === 'observer' ? 'Take control' : 'Watch only');
  }

  /** Where the keyboard goes when it leaves the terminal. */
  focus(): void {
    this.element.querySelector<HTMLElement>('button:not([hidden])')?.focus();
  }
}
