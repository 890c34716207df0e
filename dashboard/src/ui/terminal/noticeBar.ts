import { button, h, setText } from '../dom';
import type { Notice, NoticeAction } from './notice';

/** Shows a notice. It keeps its buttons while only the text changes, so that a countdown does not steal the focus. */
export class NoticeBar {
  readonly element: HTMLElement;
  readonly #text = h('p', { attributes: { role: 'status' } });
  readonly #countdown = h('p', { class: 'muted', attributes: { 'aria-hidden': 'true' } });
  readonly #buttons = h('span', { class: 'notice-actions' });
  readonly #run: (action: NoticeAction) => void;
  #drawn = '';

  constructor(run: (action: NoticeAction) => void) {
    this.#run = run;
    this.element = h('div', { class: 'notice', attributes: { hidden: true } }, this.#text, this.#countdown, this.#buttons);
  }

  show(notice: Notice | null): void {
    this.element.hidden = notice === null;
    if (!notice) return;
    this.element.dataset['tone'] = notice.tone;
    setText(this.#text, notice.text);
    setText(this.#countdown, notice.countdown ?? '');
    this.#countdown.hidden = notice.countdown === undefined;
    const key = JSON.stringify(notice.actions);
    if (key === this.#drawn) return;
    this.#drawn = key;
    this.#buttons.replaceChildren(...notice.actions.map(({ action, label }) => button(label, () => this.#run(action))));
  }
}
