import type { SearchAddon } from '@xterm/addon-search';
import { button, h, setText } from '../dom';
import { searchColours } from './colours';

/** Search in the scrollback: Enter goes up to older matches, Shift+Enter down, Escape closes. */
export class SearchBar {
  readonly element: HTMLElement;
  readonly #search: SearchAddon;
  readonly #closed: () => void;
  readonly #input = h('input', { attributes: { type: 'search', 'aria-label': 'Search the scrollback', placeholder: 'Search', spellcheck: 'false', autocomplete: 'off' } });
  readonly #count = h('span', { class: 'muted search-count', attributes: { 'aria-live': 'polite' } });

  constructor(search: SearchAddon, closed: () => void) {
    this.#search = search;
    this.#closed = closed;
    this.element = h('div', { class: 'search', attributes: { role: 'search', hidden: true }, on: { keydown: (event) => this.#onKey(event) } },
      this.#input, this.#count,
      button('Previous', () => this.#step(false), { class: 'quiet' }),
      button('Next', () => this.#step(true), { class: 'quiet' }),
      button('Close', () => this.close(), { class: 'quiet' }),
    );
    this.#input.addEventListener('input', () => this.#search.findPrevious(this.#input.value, { decorations: searchColours(), incremental: true }));
    search.onDidChangeResults(({ resultIndex, resultCount }) => {
      const found = resultCount === 0 ? 'no matches' : `${resultIndex + 1} of ${resultCount}`;
      setText(this.#count, this.#input.value === '' ? '' : found);
    });
  }

  open(): void {
    this.element.hidden = false;
    this.#input.focus();
    this.#input.select();
  }

  close(): void {
    this.element.hidden = true;
    this.#search.clearDecorations();
    this.#closed();
  }

  /** The colours changed: mark the matches anew, without moving. */
  recolour(): void {
    if (!this.element.hidden) this.#search.findPrevious(this.#input.value, { decorations: searchColours(), incremental: true });
  }

  #onKey(event: KeyboardEvent): void {
    if (event.key === 'Escape') this.close();
    else if (event.key === 'Enter' && event.target === this.#input) this.#step(event.shiftKey);
    else return;
    event.preventDefault();
  }

  #step(next: boolean): void {
    const options = { decorations: searchColours() };
    if (next) this.#search.findNext(this.#input.value, options);
    else this.#search.findPrevious(this.#input.value, options);
  }
}
