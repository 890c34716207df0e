import type { IDisposable, IFunctionIdentifier, IParser, ITerminalAddon, Terminal } from '@xterm/xterm';

/**
 * Every terminal query is answered once, by the daemon's engine. xterm.js would answer a second time, as if somebody had
 * typed the answer. This filter sees to it that nothing which xterm.js says on its own account leaves the page.
 *
 * Most queries are swallowed before xterm.js sees them. Two kinds of sequence do more than ask and have to go through
 * (colours may be set and asked for in one OSC, and DECSET 1004 reports the focus at once); while such a sequence is
 * applied, the filter is *muted*: what comes out is a reply, since parsing is one synchronous task and a person's input
 * is another.
 */

/** CSI sequences that only ask. */
const csiQueries: readonly IFunctionIdentifier[] = [
  { final: 'c' }, // DA1
  { prefix: '>', final: 'c' }, // DA2
  { prefix: '=', final: 'c' }, // DA3
  { final: 'n' }, // DSR, CPR
  { prefix: '?', final: 'n' }, // DECDSR, DECXCPR, colour scheme
  { intermediates: '$', final: 'p' }, // DECRQM, ANSI modes
  { prefix: '?', intermediates: '$', final: 'p' }, // DECRQM, DEC modes
  { prefix: '>', final: 'q' }, // XTVERSION
  { final: 'x' }, // DECREQTPARM
  { prefix: '?', final: 'u' }, // kitty keyboard flags
  { prefix: '?', final: 'm' }, // XTQMODKEYS
  { prefix: '?', final: 'S' }, // XTSMGRAPHICS
  { intermediates: '$', final: 'w' }, // DECRQPSR
  { intermediates: '*', final: 'y' }, // DECRQCRA
];

/** DCS sequences that only ask. */
const dcsQueries: readonly IFunctionIdentifier[] = [
  { intermediates: '$', final: 'q' }, // DECRQSS
  { intermediates: '+', final: 'q' }, // XTGETTCAP
];

/** OSC numbers that set colours, or ask for them by a `?` in the place of a colour. */
const colourOscs: readonly number[] = [4, 5, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19];

/** XTWINOPS operations (CSI t) that report something. */
const reportingWindowOperations: ReadonlySet<number> = new Set([11, 13, 14, 15, 16, 18, 19, 20, 21]);

const focusReporting = 1004;

type FilteredParser = Pick<IParser, 'registerCsiHandler' | 'registerDcsHandler' | 'registerOscHandler'>;

export class ReplyFilter implements ITerminalAddon {
  readonly #handlers: IDisposable[] = [];
  #muted = false;

  activate(terminal: Terminal): void {
    this.register(terminal.parser);
  }

  /** Handlers that return true end a sequence's way; those that return false hand it on to xterm.js. */
  register(parser: FilteredParser): void {
    const swallow = (): boolean => true;
    for (const id of csiQueries) this.#handlers.push(parser.registerCsiHandler(id, swallow));
    for (const id of dcsQueries) this.#handlers.push(parser.registerDcsHandler(id, swallow));
    for (const id of colourOscs) {
      this.#handlers.push(parser.registerOscHandler(id, (data) => {
        if (data.includes('?')) this.#mute();
        return false;
      }));
    }
    this.#handlers.push(
      parser.registerCsiHandler({ final: 't' }, (params) => reportingWindowOperations.has(first(params))),
      parser.registerCsiHandler({ prefix: '?', final: 'h' }, (params) => {
        if (params.includes(focusReporting)) this.#mute();
        return false;
      }),
    );
  }

  /** Whether what xterm.js emits now comes from the person, and may go to the daemon. */
  get passes(): boolean {
    return !this.#muted;
  }

  dispose(): void {
    for (const handler of this.#handlers) handler.dispose();
    this.#handlers.length = 0;
  }

  #mute(): void {
    if (this.#muted) return;
    this.#muted = true;
    // Runs when the task that parses is done, and before any event of the user can be.
    queueMicrotask(() => { this.#muted = false; });
  }
}

function first(params: readonly (number | number[])[]): number {
  const value = params[0];
  return typeof value === 'number' ? value : 0;
}
