import { button, h } from './dom';

/** Long enough to read two lines. */
const shownMilliseconds = 8000;
const mostAtOnce = 4;

export interface ToastAction {
  label: string;
  run: () => void;
}

/** Short news in a corner, announced to screen readers. */
export class Toasts {
  readonly element = h('div', { class: 'toasts', attributes: { role: 'status', 'aria-live': 'polite' } });

  show(text: string, tone: 'info' | 'error' = 'info', action?: ToastAction): void {
    const toast = h('div', { class: `toast ${tone}` }, h('p', { text }));
    const remove = (): void => toast.remove();
    if (action) {
      toast.append(button(action.label, () => {
        remove();
        action.run();
      }, { class: 'quiet' }));
    }
    toast.append(button('Dismiss', remove, { class: 'quiet' }));
    this.element.append(toast);
    while (this.element.children.length > mostAtOnce) this.element.firstElementChild?.remove();
    setTimeout(remove, shownMilliseconds);
  }

  error(error: unknown): void {
    this.show(error instanceof Error ? error.message : String(error), 'error');
  }
}
