import type { SessionVerb } from '../api/client';
import type { SessionObject } from '../api/types';
import { arrange, button, h, setText } from './dom';
import { sessionHash } from './routes';
import { StateMark } from './stateMark';
import { ago, commandLine, exitWords, hasEnded } from './words';

export interface SessionActions {
  /** `takeover`: evict the controller, because the person asked for exactly that. */
  open(name: string, mode: 'control' | 'observe', takeover: boolean): void;
  act(name: string, verb: SessionVerb): void;
  terminate(name: string): void;
}

/** One session in the list. The row stays in place while it is updated, and so does the focus in it. */
export class SessionRow {
  readonly element: HTMLLIElement;
  readonly #state = new StateMark();
  readonly #title = h('span', { class: 'row-title' });
  readonly #people = h('span', { class: 'people' });
  readonly #meta = h('span', { class: 'meta' });
  readonly #time = h('time', { class: 'muted' });
  readonly #reason = h('p', { class: 'reason' });
  readonly #buttons = h('span', { class: 'row-actions' });
  readonly #open: HTMLButtonElement;
  readonly #watch: HTMLButtonElement;
  readonly #run: HTMLButtonElement;
  readonly #terminate: HTMLButtonElement;
  #session: SessionObject;

  constructor(session: SessionObject, actions: SessionActions) {
    this.#session = session;
    const { name } = session;
    this.#open = button('Open', () => actions.open(name, 'control', this.#session.controller !== null), { class: 'quiet strong' });
    this.#watch = button('Watch', () => actions.open(name, 'observe', false), { class: 'quiet' });
    this.#run = button('Stop', () => actions.act(name, this.#verb), { class: 'quiet' });
    this.#terminate = button('Terminate', () => actions.terminate(name), { class: 'quiet danger', attributes: { 'aria-haspopup': 'dialog' } });
    this.element = h('li', { class: 'session', attributes: { 'data-name': name } },
      h('div', { class: 'session-main' },
        // The link asks for control only where nobody has it; what is there already is offered in the tab.
        h('a', { class: 'session-name', text: name, attributes: { href: sessionHash(name) } }), this.#title,
      ),
      h('div', { class: 'session-state' }, this.#state.element, this.#time),
      h('div', { class: 'session-meta' }, this.#people, this.#meta),
      this.#buttons, this.#reason,
    );
  }

  /** `mine`: this page is the controller, in one of its tabs. */
  update(session: SessionObject, mine: boolean, now: number): void {
    this.#session = session;
    const ended = hasEnded(session);
    this.#state.update(session.state, ended ? exitWords(session.exit_code, session.exit_signal) : '');
    const command = commandLine(session.command);
    setText(this.#title, session.title && session.title !== session.name ? session.title : command);
    this.#title.title = command;
    setText(this.#people, people(session));
    setText(this.#meta, meta(session));
    setText(this.#reason, session.reason ?? '');
    this.#reason.hidden = !session.reason;
    const time = session.exited_at && ended ? session.exited_at : session.last_activity_at;
    setText(this.#time, time ? ago(time, now) : '');
    if (time) this.#time.dateTime = time;
    setText(this.#open, session.controller === null || mine ? 'Open' : 'Take over');
    setText(this.#run, runWord(session));
    this.#run.hidden = session.state === 'stopping';
    this.#label();
    arrange(this.#buttons, [this.#open, this.#watch, this.#run, this.#terminate]);
  }

  get #verb(): SessionVerb {
    if (hasEnded(this.#session)) return 'start';
    return this.#session.state === 'paused' ? 'resume' : 'stop';
  }

  /** Ten buttons named "Stop" say nothing to somebody who only hears them. */
  #label(): void {
    for (const each of [this.#open, this.#watch, this.#run, this.#terminate]) {
      each.setAttribute('aria-label', `${each.textContent} ${this.#session.name}`);
    }
  }
}

function runWord(session: SessionObject): string {
  if (hasEnded(session)) return 'Start';
  return session.state === 'paused' ? 'Resume' : 'Stop';
}

function people(session: SessionObject): string {
  const parts: string[] = [];
  if (session.controller !== null) parts.push(`${session.controller} controls`);
  if (session.observers > 0) parts.push(session.observers === 1 ? '1 observer' : `${session.observers} observers`);
  return parts.join(', ');
}

function meta(session: SessionObject): string {
  const parts: string[] = [];
  if (session.type !== 'terminal') parts.push(session.type);
  if (session.port !== null) parts.push(`port ${session.port}`);
  if (session.restarts > 0) parts.push(session.restarts === 1 ? '1 restart' : `${session.restarts} restarts`);
  if (session.outdated) parts.push('outdated');
  if (session.env_stale) parts.push('environment changed');
  return parts.join(', ');
}
