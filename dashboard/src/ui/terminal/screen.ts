import { FitAddon } from '@xterm/addon-fit';
import { SearchAddon } from '@xterm/addon-search';
import { UnicodeGraphemesAddon } from '@xterm/addon-unicode-graphemes';
import { WebLinksAddon } from '@xterm/addon-web-links';
import { WebglAddon } from '@xterm/addon-webgl';
import { Terminal } from '@xterm/xterm';
import type { Size } from '../../api/types';
import type { TerminalPort } from '../../attach/ports';
import { ClipboardWrites } from './clipboard';
import { currentTheme } from './colours';
import { GraphemeMode } from './graphemeMode';
import { ReplyFilter } from './replyFilter';

/** CAN ends an unfinished string, RIS resets the parser, both screens, the modes and the scrollback, at this place in the stream. */
const cancelAndReset = new Uint8Array([0x18, 0x1b, 0x63]);

/** More than the daemon keeps by default, so that a snapshot fits whole. */
const scrollbackLines = 20_000;

export const fontFamily =
  'ui-monospace, "SF Mono", SFMono-Regular, "Cascadia Code", "JetBrains Mono", Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace';

export interface ScreenOwner {
  /** Bytes that the person typed, pasted or pointed at. */
  input(bytes: Uint8Array): void;
  /** What a text becomes that the person typed, before it is sent. */
  typed(text: string): string;
  /** The program copied a text. */
  copied(text: string): void;
  /** A key before the terminal takes it; true keeps it from the terminal. */
  key(event: KeyboardEvent): boolean;
}

/** xterm.js, fed in strict order, silent about queries, drawn by WebGL where there is one. */
export class Screen implements TerminalPort {
  readonly search = new SearchAddon({ highlightLimit: 2000 });
  readonly #terminal: Terminal;
  readonly #fit = new FitAddon();
  readonly #replies = new ReplyFilter();
  readonly #encoder = new TextEncoder();
  #webgl: WebglAddon | null = null;
  #webglRefused = false;

  constructor(owner: ScreenOwner) {
    this.#terminal = new Terminal({
      // The parser's hooks and the width tables are "proposed" in xterm.js's terms.
      allowProposedApi: true,
      cursorBlink: !window.matchMedia('(prefers-reduced-motion: reduce)').matches,
      fontFamily,
      fontSize: 13,
      lineHeight: 1.15,
      macOptionIsMeta: true,
      minimumContrastRatio: 1,
      rescaleOverlappingGlyphs: true,
      scrollback: scrollbackLines,
      theme: currentTheme(),
      disableStdin: true,
      linkHandler: { activate: (_event, uri) => openLink(uri) },
    });
    this.#terminal.loadAddon(this.#fit);
    this.#terminal.loadAddon(this.search);
    this.#terminal.loadAddon(new UnicodeGraphemesAddon());
    this.#terminal.loadAddon(new GraphemeMode());
    this.#terminal.loadAddon(new WebLinksAddon((_event, uri) => openLink(uri)));
    this.#terminal.loadAddon(this.#replies);
    this.#terminal.loadAddon(new ClipboardWrites((text) => owner.copied(text)));
    this.#terminal.attachCustomKeyEventHandler((event) => !owner.key(event));
    this.#terminal.onData((data) => {
      if (this.#replies.passes) owner.input(this.#encoder.encode(owner.typed(data)));
    });
    // Mouse reports of the oldest encoding are bytes, not text.
    this.#terminal.onBinary((data) => owner.input(Uint8Array.from(data, (character) => character.charCodeAt(0))));
  }

  open(host: HTMLElement): void {
    this.#terminal.open(host);
  }

  reset(): void {
    this.#terminal.write(cancelAndReset);
  }

  write(bytes: Uint8Array, applied: () => void): void {
    this.#terminal.write(bytes, applied);
  }

  resize(size: Size): void {
    // Through the write queue, so that what came before is laid out at the size that it was printed for.
    this.#terminal.write('', () => this.#terminal.resize(size.cols, size.rows));
  }

  /** The size that fills the host; null while it is not laid out. */
  proposal(): Size | null {
    const proposed = this.#fit.proposeDimensions();
    if (!proposed || !Number.isFinite(proposed.cols) || !Number.isFinite(proposed.rows)) return null;
    return { cols: clamp(proposed.cols), rows: clamp(proposed.rows) };
  }

  /** Width and height in device pixels at a size, for programs that draw. */
  pixels(size: Size): { xpixel: number; ypixel: number } {
    const box = this.#terminal.element?.querySelector('.xterm-screen')?.getBoundingClientRect();
    if (!box) return { xpixel: 0, ypixel: 0 };
    const ratio = window.devicePixelRatio;
    return {
      xpixel: Math.round((box.width / this.#terminal.cols) * size.cols * ratio),
      ypixel: Math.round((box.height / this.#terminal.rows) * size.rows * ratio),
    };
  }

  /** Whether the keyboard and the mouse of this page reach the program. */
  set interactive(value: boolean) {
    this.#terminal.options.disableStdin = !value;
    this.#terminal.options.cursorInactiveStyle = value ? 'outline' : 'none';
  }

  /** Browsers allow a handful of WebGL contexts, so only a visible terminal holds one. */
  set visible(value: boolean) {
    if (!value) {
      this.#webgl?.dispose();
      this.#webgl = null;
    } else if (!this.#webgl && !this.#webglRefused) {
      this.#loadWebgl();
    }
  }

  recolour(): void {
    this.#terminal.options.theme = currentTheme();
  }

  focus(): void {
    this.#terminal.focus();
  }

  get selection(): string {
    return this.#terminal.getSelection();
  }

  /** Whether the program asked for the application form of the arrow keys (DECCKM). */
  get applicationCursorKeys(): boolean {
    return this.#terminal.modes.applicationCursorKeysMode;
  }

  /** As if the person had typed `text`. */
  type(text: string): void {
    this.#terminal.input(text, true);
  }

  dispose(): void {
    this.#terminal.dispose();
  }

  #loadWebgl(): void {
    const webgl = new WebglAddon();
    try {
      this.#terminal.loadAddon(webgl);
    } catch {
      // No WebGL here: xterm.js goes on with its DOM renderer.
      this.#webglRefused = true;
      webgl.dispose();
      return;
    }
    webgl.onContextLoss(() => {
      webgl.dispose();
      this.#webgl = null;
    });
    this.#webgl = webgl;
  }
}

/** Sizes outside 1..1000 are clamped by the daemon anyway. */
function clamp(cells: number): number {
  return Math.min(1000, Math.max(1, cells));
}

/** Opens what a program printed: only the web, and without a handle back to this page. */
function openLink(uri: string): void {
  if (/^https?:\/\//i.test(uri)) window.open(uri, '_blank', 'noopener,noreferrer');
}
