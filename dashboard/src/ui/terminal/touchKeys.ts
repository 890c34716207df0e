import { button, h } from '../dom';

/** The terminal that the keys type into. */
export interface TouchKeysTarget {
  readonly applicationCursorKeys: boolean;
  type(text: string): void;
  focus(): void;
}

const arrows: readonly [label: string, name: string, final: string][] = [
  ['←', 'Left', 'D'], ['↓', 'Down', 'B'], ['↑', 'Up', 'A'], ['→', 'Right', 'C'],
];

/** The keys that a phone's keyboard lacks. Shown where the pointer is a finger; Ctrl holds for one key. */
export class TouchKeys {
  readonly element: HTMLElement;
  readonly #control: HTMLButtonElement;
  #controlHeld = false;

  constructor(target: TouchKeysTarget) {
    const key = (label: string, name: string, text: () => string): HTMLButtonElement =>
      button(label, () => {
        target.type(text());
        target.focus();
      }, { attributes: { 'aria-label': name } });
    this.#control = button('Ctrl', () => {
      this.#hold(!this.#controlHeld);
      target.focus();
    }, { attributes: { 'aria-pressed': 'false' } });
    this.element = h('div', { class: 'touch-keys', attributes: { role: 'toolbar', 'aria-label': 'Keys' } },
      key('Esc', 'Escape', () => '\x1b'), key('Tab', 'Tab', () => '\t'), this.#control,
      ...arrows.map(([label, name, final]) => key(label, name, () => (target.applicationCursorKeys ? '\x1bO' : '\x1b[') + final)),
    );
    // A tap must not take the focus, or the phone's keyboard would go away.
    this.element.addEventListener('pointerdown', (event) => event.preventDefault());
  }

  /** What `text` becomes while Ctrl is held: `c` is ETX, as on a keyboard. */
  apply(text: string): string {
    if (!this.#controlHeld || text.length !== 1) return text;
    this.#hold(false);
    return controlCharacter(text);
  }

  #hold(held: boolean): void {
    this.#controlHeld = held;
    this.#control.setAttribute('aria-pressed', String(held));
  }
}

/** Ctrl with a character, for `@` to `_` and the letters; others stay as they are. */
export function controlCharacter(text: string): string {
  const code = text.toUpperCase().charCodeAt(0);
  return code >= 0x40 && code <= 0x5f ? String.fromCharCode(code & 0x1f) : text;
}
