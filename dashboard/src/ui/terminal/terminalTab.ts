import type { ApiClient } from '../../api/client';
import type { DevboxStore } from '../../api/devboxStore';
import { Attachment, type AttachmentOwner, type AttachOptions } from '../../attach/attachment';
import type { OpenSocket } from '../../attach/ports';
import type { SessionObject, Size } from '../../api/types';
import { h } from '../dom';
import type { Toasts } from '../toasts';
import { currentProfile, onThemeChange } from './colours';
import { noticeFor, type NoticeAction } from './notice';
import { NoticeBar } from './noticeBar';
import { Screen, type ScreenOwner } from './screen';
import { SearchBar } from './searchBar';
import { shortcutOf } from './shortcuts';
import { Toolbar } from './toolbar';
import { TouchKeys } from './touchKeys';

/** A drag of the window's edge is many sizes; the program should see few. */
const settleMilliseconds = 80;

export interface TerminalTabOwner {
  readonly api: ApiClient;
  readonly store: DevboxStore;
  readonly toasts: Toasts;
  readonly openSocket: OpenSocket;
  signIn(): void;
  close(name: string): void;
  titleChanged(): void;
}

/** One session in a tab: toolbar, notice, terminal, and the attachment that joins them. */
export class TerminalTab implements AttachmentOwner, ScreenOwner {
  readonly name: string;
  readonly element: HTMLElement;
  readonly #owner: TerminalTabOwner;
  readonly #screen = new Screen(this);
  readonly #attachment: Attachment;
  readonly #toolbar: Toolbar;
  readonly #notice = new NoticeBar((action) => this.#act(action));
  readonly #search: SearchBar;
  readonly #touchKeys = new TouchKeys(this.#screen);
  readonly #host = h('div', { class: 'terminal-host' });
  readonly #observer = new ResizeObserver(() => this.#settle());
  readonly #forgetTheme: () => void;
  #settleTimer: ReturnType<typeof setTimeout> | undefined;
  #countdown: ReturnType<typeof setInterval> | undefined;
  #opened = false;

  constructor(name: string, owner: TerminalTabOwner) {
    this.name = name;
    this.#owner = owner;
    this.#attachment = new Attachment(name, this.#screen, this, owner.openSocket);
    this.#search = new SearchBar(this.#screen.search, () => this.#screen.focus());
    this.#toolbar = new Toolbar(name, {
      toggleControl: () => this.#toggleControl(),
      search: () => this.#search.open(),
      detach: () => owner.close(name),
    });
    this.element = h('section', { class: 'terminal-tab', attributes: { role: 'tabpanel', 'aria-description': 'Control+Shift+E leaves the terminal' } },
      this.#toolbar.element,
      this.#notice.element,
      h('div', { class: 'terminal-frame' }, this.#host, this.#search.element),
      this.#touchKeys.element,
    );
    this.#forgetTheme = onThemeChange(() => {
      this.#screen.recolour();
      this.#search.recolour();
      this.#attachment.profile(currentProfile());
    });
  }

  get title(): string {
    return this.#attachment.title ?? this.#session?.title ?? '';
  }

  get controlling(): boolean {
    return this.#attachment.role === 'controller';
  }

  /** The tab is shown (it is laid out by now) or hidden. */
  set visible(visible: boolean) {
    if (visible && !this.#opened) {
      this.#opened = true;
      this.#screen.open(this.#host);
      this.#observer.observe(this.#host);
    }
    this.#screen.visible = visible;
    if (visible) this.focus();
  }

  focus(): void {
    this.#screen.focus();
  }

  /** Does what the person asked for in the list; nothing where this tab has it already. */
  attach(options: AttachOptions): void {
    const { role } = this.#attachment;
    if (role === 'controller' && options.mode === 'control') return;
    if (role === 'observer' && options.mode === 'observe') return;
    this.#attachment.open(options);
  }

  /** After the person signed in again: come back to where one was, without evicting anybody. */
  signedIn(): void {
    if (this.#attachment.phase.name === 'signed_out') this.#attachment.resume();
  }

  wake(): void {
    this.#attachment.wake();
  }

  /** The session object changed. */
  refresh(): void {
    this.#draw();
  }

  dispose(): void {
    clearTimeout(this.#settleTimer);
    clearInterval(this.#countdown);
    this.#observer.disconnect();
    this.#forgetTheme();
    this.#attachment.close();
    this.#screen.dispose();
    this.element.remove();
  }

  // AttachmentOwner

  changed(): void {
    const waiting = this.#attachment.phase.name === 'waiting';
    if (waiting) this.#countdown ??= setInterval(() => this.#draw(), 1000);
    else {
      clearInterval(this.#countdown);
      this.#countdown = undefined;
    }
    this.#draw();
    this.#owner.titleChanged();
  }

  fit(): Size | null {
    return this.#screen.proposal();
  }

  controls(): void {
    this.#attachment.profile(currentProfile());
    // The pixels are told with the size, and the attach asked for the cells alone.
    this.#takeSize(true);
  }

  // ScreenOwner

  input(bytes: Uint8Array): void {
    this.#attachment.input(bytes);
  }

  typed(text: string): string {
    return this.#touchKeys.apply(text);
  }

  copied(text: string): void {
    if (this.#attachment.role !== 'controller') return;
    navigator.clipboard?.writeText(text).catch(() => {
      // Browsers want a click for it when the page is not in front.
      this.#owner.toasts.show(`${this.name} wants to copy ${text.length} characters.`, 'info', {
        label: 'Copy',
        run: () => void navigator.clipboard.writeText(text).catch((error: unknown) => this.#owner.toasts.error(error)),
      });
    });
  }

  key(event: KeyboardEvent): boolean {
    const shortcut = shortcutOf(event);
    if (!shortcut) return false;
    switch (shortcut) {
      case 'search':
        this.#search.open();
        break;
      case 'copy':
        if (this.#screen.selection !== '') void navigator.clipboard?.writeText(this.#screen.selection).catch(() => undefined);
        break;
      case 'leave':
        this.#toolbar.focus();
        break;
    }
    event.preventDefault();
    return true;
  }

  get #session(): SessionObject | null {
    return this.#owner.store.devbox.sessions.get(this.name) ?? null;
  }

  #draw(): void {
    const { phase, role, size } = this.#attachment;
    this.#screen.interactive = role === 'controller';
    this.#notice.show(noticeFor(phase, this.#session, Date.now()));
    this.#toolbar.update({ title: this.title, role, size });
    this.element.dataset['phase'] = phase.name;
  }

  #act(action: NoticeAction): void {
    switch (action) {
      case 'take_control':
        this.#attachment.open({ mode: 'control', takeover: true });
        break;
      case 'watch':
        this.#attachment.open({ mode: 'observe', takeover: false });
        break;
      case 'attach':
        this.#attachment.open({ mode: 'control', takeover: false });
        break;
      case 'retry':
        this.#attachment.wake();
        break;
      case 'start':
        void this.#start();
        break;
      case 'sign_in':
        this.#owner.signIn();
        break;
      case 'close':
        this.#owner.close(this.name);
        return;
    }
    this.focus();
  }

  async #start(): Promise<void> {
    try {
      await this.#owner.api.act(this.name, 'start');
      this.#attachment.open({ mode: 'control', takeover: false });
    } catch (error) {
      this.#owner.toasts.error(error);
    }
  }

  #toggleControl(): void {
    if (this.#attachment.role === 'controller') this.#attachment.release();
    else this.#attachment.claim();
    this.focus();
  }

  #settle(): void {
    clearTimeout(this.#settleTimer);
    this.#settleTimer = setTimeout(() => this.#takeSize(), settleMilliseconds);
  }

  /** Asks for the size that fits. The terminal itself changes when the daemon says so, at that place in the stream. */
  #takeSize(always = false): void {
    const wanted = this.#screen.proposal();
    const current = this.#attachment.size;
    if (!wanted || (!always && current && wanted.cols === current.cols && wanted.rows === current.rows)) return;
    const { xpixel, ypixel } = this.#screen.pixels(wanted);
    this.#attachment.resize(wanted, xpixel, ypixel);
  }
}
