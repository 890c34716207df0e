import type { IDisposable, ITerminalAddon, Terminal } from '@xterm/xterm';
import { EngineWidths } from './engineWidths';

const graphemeClusters = 2027;

/** What addon-unicode-graphemes, which is loaded first, calls its widths by grapheme cluster. */
const byCluster = '15-graphemes';

/**
 * DEC private mode 2027. The engine counts code points until a program asks for clusters; a terminal that counted
 * otherwise would put the cursor elsewhere than the engine has it.
 */
export class GraphemeMode implements ITerminalAddon {
  readonly #handlers: IDisposable[] = [];

  activate(terminal: Terminal): void {
    const widths = new EngineWidths();
    terminal.unicode.register(widths);
    const byCodePoint = widths.version;
    const use = (version: string): void => { terminal.unicode.activeVersion = version; };
    use(byCodePoint);
    // All return false: the same sequence may set other modes, which xterm.js knows.
    this.#handlers.push(
      terminal.parser.registerCsiHandler({ prefix: '?', final: 'h' }, (params) => {
        if (params.includes(graphemeClusters)) use(byCluster);
        return false;
      }),
      terminal.parser.registerCsiHandler({ prefix: '?', final: 'l' }, (params) => {
        if (params.includes(graphemeClusters)) use(byCodePoint);
        return false;
      }),
      terminal.parser.registerEscHandler({ final: 'c' }, () => {
        use(byCodePoint);
        return false;
      }),
    );
  }

  dispose(): void {
    for (const handler of this.#handlers) handler.dispose();
    this.#handlers.length = 0;
  }
}
