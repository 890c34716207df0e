import { h, setText } from './dom';
import { stateWord } from './words';

/** A coloured dot with the state's word beside it: colour is never the only sign. */
export class StateMark {
  readonly element: HTMLElement;
  readonly #word = h('span', { class: 'state-word' });

  constructor() {
    this.element = h('span', { class: 'state' }, h('span', { class: 'dot', attributes: { 'aria-hidden': 'true' } }), this.#word);
  }

  update(state: string, suffix = ''): void {
    this.element.dataset['state'] = state;
    setText(this.#word, suffix === '' ? stateWord(state) : `${stateWord(state)}, ${suffix}`);
  }
}
