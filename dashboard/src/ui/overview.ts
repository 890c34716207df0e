import type { Devbox } from '../api/devbox';
import { arrange, button, h, setText } from './dom';
import { SessionRow, type SessionActions } from './sessionRow';
import { StatusPanel, type StatusActions } from './statusPanel';

export interface OverviewActions extends SessionActions, StatusActions {
  create(): void;
}

/** The first tab: the devbox's status and the list of sessions. */
export class Overview {
  readonly element: HTMLElement;
  readonly #actions: OverviewActions;
  readonly #status: StatusPanel;
  readonly #rows = new Map<string, SessionRow>();
  readonly #list = h('ul', { class: 'sessions', attributes: { 'aria-label': 'Sessions' } });
  readonly #count = h('span', { class: 'count muted' });
  readonly #empty: HTMLElement;

  constructor(actions: OverviewActions) {
    this.#actions = actions;
    this.#status = new StatusPanel(actions);
    this.#empty = h('div', { class: 'empty' },
      h('p', { text: 'No sessions yet.' }),
      h('p', { class: 'muted', text: 'A session is a named terminal that goes on when you close this page.' }),
    );
    this.element = h('div', { class: 'overview', attributes: { id: 'panel-overview', role: 'tabpanel', 'aria-labelledby': 'tab-overview' } },
      this.#status.element,
      h('section', { attributes: { 'aria-labelledby': 'sessions-heading' } },
        h('div', { class: 'sessions-head' },
          h('h2', { text: 'Sessions', attributes: { id: 'sessions-heading' } }), this.#count,
          button('New session', () => actions.create(), { class: 'primary', attributes: { 'aria-haspopup': 'dialog' } }),
        ),
        this.#list, this.#empty,
      ),
    );
  }

  update(devbox: Devbox, controlled: ReadonlySet<string>, now: number): void {
    this.#status.update(devbox.status, devbox.autoCommit, now);
    for (const name of [...this.#rows.keys()]) if (!devbox.sessions.has(name)) this.#rows.delete(name);
    for (const session of devbox.sessions.values()) {
      const row = this.#rows.get(session.name) ?? new SessionRow(session, this.#actions);
      this.#rows.set(session.name, row);
      row.update(session, controlled.has(session.name), now);
    }
    const names = [...this.#rows.keys()].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
    arrange(this.#list, names.flatMap((name) => this.#rows.get(name)?.element ?? []));
    setText(this.#count, names.length === 0 ? '' : String(names.length));
    this.#empty.hidden = names.length > 0 || devbox.status === null;
  }
}
