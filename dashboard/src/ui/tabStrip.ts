import { button, h, setText } from './dom';

export interface TabStripActions {
  select(key: string): void;
  close(key: string): void;
}

interface Tab {
  element: HTMLElement;
  select: HTMLButtonElement;
}

/** The row of tabs. Arrow keys move between them, Delete closes, as the ARIA tabs pattern has it. */
export class TabStrip {
  readonly element = h('div', { class: 'tabs', attributes: { role: 'tablist', 'aria-label': 'Open terminals' }, on: { keydown: (event) => this.#onKey(event) } });
  readonly #actions: TabStripActions;
  readonly #tabs = new Map<string, Tab>();

  constructor(actions: TabStripActions) {
    this.#actions = actions;
  }

  add(key: string, label: string, panel: HTMLElement, closable: boolean): void {
    const id = this.#tabs.size === 0 ? 'tab-overview' : `tab-${key}`;
    panel.id ||= `panel-${key}`;
    panel.setAttribute('aria-labelledby', id);
    const select = button(label, () => this.#actions.select(key), { class: 'tab-name', attributes: { role: 'tab', id, 'aria-controls': panel.id } });
    const element = h('div', { class: 'tab', attributes: { role: 'presentation' } }, select);
    if (closable) {
      element.append(button('×', () => this.#actions.close(key), {
        class: 'tab-close', attributes: { tabindex: '-1', 'aria-label': `Detach from ${label}`, title: 'Detach; the session goes on' },
      }));
    }
    this.#tabs.set(key, { element, select });
    this.element.append(element);
  }

  remove(key: string): void {
    this.#tabs.get(key)?.element.remove();
    this.#tabs.delete(key);
  }

  rename(key: string, label: string): void {
    const tab = this.#tabs.get(key);
    if (tab) setText(tab.select, label);
  }

  select(key: string): void {
    for (const [each, { element, select }] of this.#tabs) {
      const selected = each === key;
      element.classList.toggle('selected', selected);
      select.setAttribute('aria-selected', String(selected));
      select.tabIndex = selected ? 0 : -1;
      if (selected) element.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    }
  }

  #onKey(event: KeyboardEvent): void {
    const keys = [...this.#tabs.keys()];
    const at = keys.findIndex((key) => this.#tabs.get(key)?.select === event.target);
    if (at < 0) return;
    const targets: Record<string, number> = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: keys.length - 1 };
    const target = targets[event.key];
    if (target !== undefined) {
      this.#tabs.get(keys[(target + keys.length) % keys.length] ?? '')?.select.focus();
      event.preventDefault();
    } else if (event.key === 'Delete' && at > 0) {
      this.#actions.close(keys[at] ?? '');
    }
  }
}
