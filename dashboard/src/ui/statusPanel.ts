import type { AutoCommitObject, HookObject, StatusObject } from '../api/types';
import { button, h, setText } from './dom';
import { StateMark } from './stateMark';
import { ago, exitWords } from './words';

export interface StatusActions {
  rerunHook(name: string): void;
  saveNow(): void;
}

/** The devbox as a whole: state and reason, what is broken, the hooks, auto-commit, and the daemon's version. */
export class StatusPanel {
  readonly element: HTMLElement;
  readonly #actions: StatusActions;
  readonly #state = new StateMark();
  readonly #reason = h('p', { class: 'reason' });
  readonly #facts = h('ul', { class: 'facts' });
  readonly #problems = h('div', { class: 'problems' });
  readonly #hooks = h('ul', { class: 'hooks', attributes: { 'aria-label': 'Hooks' } });
  #drawn = '';

  constructor(actions: StatusActions) {
    this.#actions = actions;
    this.element = h('section', { class: 'devbox', attributes: { 'aria-labelledby': 'devbox-heading' } },
      h('div', { class: 'devbox-head' }, h('h1', { text: 'Devbox', attributes: { id: 'devbox-heading' } }), this.#state.element),
      this.#reason, this.#facts, this.#problems, this.#hooks,
    );
  }

  update(status: StatusObject | null, autoCommit: AutoCommitObject | null, now: number): void {
    this.element.hidden = status === null;
    if (!status) return;
    this.#state.update(status.state);
    setText(this.#reason, status.reason ?? '');
    this.#reason.hidden = !status.reason;
    // Rebuilt only when something changed: a button in here may have the focus.
    const key = JSON.stringify([status, autoCommit, Math.floor(now / 30_000)]);
    if (key === this.#drawn) return;
    this.#drawn = key;
    this.#facts.replaceChildren(...facts(status, autoCommit, now, () => this.#actions.saveNow()));
    this.#problems.replaceChildren(...problems(status));
    this.#hooks.replaceChildren(...status.hooks.map((hook) => this.#hook(hook)));
    this.#hooks.hidden = status.hooks.length === 0;
  }

  #hook(hook: HookObject): HTMLElement {
    const failed = hook.state === 'failed';
    const detail = [hook.reason, exitWords(hook.exit_code, null)].filter((part) => failed && part).join(', ');
    return h('li', { class: 'hook', attributes: { 'data-state': hook.state, title: `${hook.event}: ${hook.state}` } },
      h('span', { class: 'dot', attributes: { 'aria-hidden': 'true' } }),
      h('span', { class: 'hook-name', text: hook.name }),
      h('span', { class: 'muted', text: hook.state }),
      detail === '' ? null : h('span', { class: 'hook-detail', text: detail }),
      failed ? h('a', { text: 'Log', attributes: { href: `/v1/hooks/${encodeURIComponent(hook.name)}/log`, target: '_blank', rel: 'noopener' } }) : null,
      failed ? button('Run again', () => this.#actions.rerunHook(hook.name), { class: 'quiet' }) : null,
    );
  }
}

function facts(status: StatusObject, autoCommit: AutoCommitObject | null, now: number, saveNow: () => void): HTMLElement[] {
  const items = [
    h('li', {}, `sessiond ${status.version}`),
    h('li', {}, `started ${ago(status.started_at, now)}`),
    ...Object.entries(status.labels).map(([key, value]) => h('li', {}, h('span', { class: 'muted', text: `${key} ` }), value)),
  ];
  if (status.outdated) items.push(h('li', { class: 'note', text: 'a newer version is installed' }));
  if (!status.persistent) items.push(h('li', { class: 'note', text: 'storage does not outlive the container' }));
  if (autoCommit && autoCommit.state !== 'off') items.push(savedFact(autoCommit, now, saveNow));
  return items;
}

function savedFact(autoCommit: AutoCommitObject, now: number, saveNow: () => void): HTMLLIElement {
  const pending = (autoCommit.uncommitted ?? 0) > 0 || (autoCommit.unpushed ?? 0) > 0;
  const last = autoCommit.last_commit ? `, last saved ${ago(autoCommit.last_commit.at, now)}` : '';
  const trouble = autoCommit.error ?? (autoCommit.state === 'blocked' || autoCommit.state === 'offline' ? autoCommit.reason : null);
  return h('li', { class: trouble ? 'note' : '' },
    h('span', { class: 'muted', text: 'auto-commit ' }), `${autoCommit.state}${last}${trouble ? `: ${trouble}` : ''}`,
    pending ? button('Save now', saveNow, { class: 'quiet' }) : null,
  );
}

function problems(status: StatusObject): HTMLElement[] {
  const found: HTMLElement[] = [];
  if (status.degraded.length > 0) {
    found.push(h('p', { class: 'degraded' }, h('strong', { text: 'Degraded: ' }), status.degraded.join(', ')));
  }
  if (status.warnings.length > 0) {
    const count = status.warnings.length === 1 ? '1 warning' : `${status.warnings.length} warnings`;
    found.push(h('details', { class: 'warnings' },
      h('summary', { text: count }),
      h('ul', {}, ...status.warnings.map((warning) => h('li', { text: warning }))),
    ));
  }
  return found;
}
