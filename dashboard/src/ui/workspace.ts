import type { ApiClient } from '../api/client';
import type { DevboxStore } from '../api/devboxStore';
import type { AttachOptions } from '../attach/attachment';
import type { OpenSocket } from '../attach/ports';
import type { SessionObject, TerminateResult } from '../api/types';
import markUrl from '../assets/mark.svg';
import { CreateDialog } from './createDialog';
import { h } from './dom';
import { Overview } from './overview';
import { overviewHash, readRoute, sessionHash } from './routes';
import { TabStrip } from './tabStrip';
import { TerminalTab, type TerminalTabOwner } from './terminal/terminalTab';
import { TerminateDialog } from './terminateDialog';
import type { Toasts } from './toasts';

/** No session is named so: names begin with a letter or a digit. */
const overviewKey = '/';
const pageTitle = 'sessiond';
/** "2 min. ago" is right to the half minute. */
const clockMilliseconds = 30_000;

export interface WorkspaceOwner {
  readonly api: ApiClient;
  readonly store: DevboxStore;
  readonly toasts: Toasts;
  readonly openSocket: OpenSocket;
  signIn(): void;
}

/** The signed-in page: tabs, of which the first is the overview and each other one a terminal. */
export class Workspace implements TerminalTabOwner {
  readonly element: HTMLElement;
  readonly api: ApiClient;
  readonly store: DevboxStore;
  readonly toasts: Toasts;
  readonly openSocket: OpenSocket;
  readonly #owner: WorkspaceOwner;
  readonly #strip = new TabStrip({ select: (key) => this.#navigate(key), close: (key) => this.close(key) });
  readonly #overview: Overview;
  readonly #create: CreateDialog;
  readonly #terminate: TerminateDialog;
  readonly #panels = h('main', { class: 'panels' });
  readonly #offline = h('p', { class: 'offline', text: 'Not connected. What you see may be old.', attributes: { role: 'status', hidden: true } });
  readonly #terminals = new Map<string, TerminalTab>();
  #active = overviewKey;
  #frame = 0;

  constructor(owner: WorkspaceOwner) {
    this.#owner = owner;
    ({ api: this.api, store: this.store, toasts: this.toasts, openSocket: this.openSocket } = owner);
    this.#create = new CreateDialog(this.api, (session) => this.#created(session));
    this.#terminate = new TerminateDialog(this.api, (name, result) => this.#terminated(name, result));
    this.#overview = new Overview({
      open: (name, mode, takeover) => this.open(name, { mode, takeover }),
      act: (name, verb) => this.#try(this.api.act(name, verb)),
      terminate: (name) => this.#terminate.show(name),
      create: () => this.#create.show(),
      rerunHook: (name) => this.#try(this.api.rerunHook(name)),
      saveNow: () => this.#try(this.api.flushAutoCommit()),
    });
    this.#strip.add(overviewKey, 'Sessions', this.#overview.element, false);
    this.#panels.append(this.#overview.element);
    this.element = h('div', { class: 'workspace' },
      h('header', { class: 'top' },
        h('img', { class: 'mark', attributes: { src: markUrl, alt: 'sessiond', width: '24', height: '24' } }),
        this.#strip.element,
      ),
      this.#offline, this.#panels, this.#create.element, this.#terminate.element,
    );
    this.store.subscribe(() => this.#schedule());
    setInterval(() => this.#schedule(), clockMilliseconds);
    window.addEventListener('hashchange', () => this.followHash());
    window.addEventListener('online', () => this.#wake());
    document.addEventListener('visibilitychange', () => { if (!document.hidden) this.#wake(); });
    this.#select(overviewKey);
  }

  /** Shows what the address names. Following a link never evicts a controller. */
  followHash(): void {
    const route = readRoute(location.hash);
    if (route.name === 'overview') this.#select(overviewKey);
    else if (this.#terminals.has(route.session)) this.#select(route.session);
    else this.open(route.session, { mode: 'control', takeover: false });
  }

  open(name: string, options: AttachOptions): void {
    let tab = this.#terminals.get(name);
    if (!tab) {
      tab = new TerminalTab(name, this);
      this.#terminals.set(name, tab);
      this.#panels.append(tab.element);
      this.#strip.add(name, name, tab.element, true);
    }
    this.#select(name);
    this.#navigate(name);
    tab.attach(options);
  }

  close(name: string): void {
    const tab = this.#terminals.get(name);
    if (!tab) return;
    this.#terminals.delete(name);
    this.#strip.remove(name);
    tab.dispose();
    if (this.#active === name) this.#navigate([...this.#terminals.keys()].at(-1) ?? overviewKey);
  }

  signIn(): void {
    this.#owner.signIn();
  }

  signedIn(): void {
    for (const tab of this.#terminals.values()) tab.signedIn();
  }

  titleChanged(): void {
    const title = this.#terminals.get(this.#active)?.title;
    const name = this.#active === overviewKey ? '' : this.#active;
    document.title = [title, name, pageTitle].filter((part, index, all) => part && all.indexOf(part) === index).join(' · ');
  }

  #select(key: string): void {
    this.#active = key;
    this.#overview.element.hidden = key !== overviewKey;
    for (const [name, tab] of this.#terminals) tab.element.hidden = name !== key;
    this.#strip.select(key);
    for (const [name, tab] of this.#terminals) tab.visible = name === key;
    this.titleChanged();
    this.#draw();
  }

  #navigate(key: string): void {
    const hash = key === overviewKey ? overviewHash : sessionHash(key);
    if (location.hash === hash || (key === overviewKey && location.hash === '')) this.#select(key);
    else location.hash = hash;
  }

  #created(session: SessionObject): void {
    this.open(session.name, { mode: 'control', takeover: true });
  }

  #terminated(name: string, result: TerminateResult): void {
    this.close(name);
    if (result.left.length > 0) {
      const left = result.left.map((process) => `${process.command} (${process.pid})`).join(', ');
      this.toasts.show(`Some processes of ${name} could not be ended: ${left}`, 'error');
    }
  }

  #try(request: Promise<unknown>): void {
    request.catch((error: unknown) => this.toasts.error(error));
  }

  #wake(): void {
    for (const tab of this.#terminals.values()) tab.wake();
  }

  #controlled(): ReadonlySet<string> {
    return new Set([...this.#terminals.values()].filter((tab) => tab.controlling).map((tab) => tab.name));
  }

  /** Events may come faster than anybody can look. */
  #schedule(): void {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
    });
  }

  #draw(): void {
    const { devbox, live } = this.store;
    this.#offline.hidden = live || devbox.status === null;
    if (this.#active === overviewKey) this.#overview.update(devbox, this.#controlled(), Date.now());
    else this.#terminals.get(this.#active)?.refresh();
  }
}
