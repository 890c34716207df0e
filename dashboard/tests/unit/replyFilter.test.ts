import headless from '@xterm/headless';
import { describe, expect, it } from 'vitest';
import { ReplyFilter } from '../../src/ui/terminal/replyFilter';

/** What a terminal sends back after it was fed `bytes`. */
async function replies(bytes: string, filtered: boolean): Promise<string> {
  const terminal = new headless.Terminal({
    allowProposedApi: true, windowOptions: { getWinSizeChars: true, getWinSizePixels: true, getCellSizePixels: true },
  });
  const filter = new ReplyFilter();
  if (filtered) filter.register(terminal.parser);
  let sent = '';
  terminal.onData((data) => { if (filter.passes) sent += data; });
  await new Promise<void>((resolve) => terminal.write(bytes, resolve));
  terminal.dispose();
  return sent;
}

const answered: [string, string][] = [
  ['DA1', '\x1b[c'], ['DA1 with 0', '\x1b[0c'], ['DA2', '\x1b[>c'], ['DSR', '\x1b[5n'], ['CPR', '\x1b[6n'], ['DECXCPR', '\x1b[?6n'],
  ['DECRQM', '\x1b[?2004$p'], ['DECRQM, ANSI', '\x1b[4$p'],
  ['DECRQSS', '\x1bP$qm\x1b\\'], ['window size', '\x1b[18t'],
];

describe('T30 T32 the reply filter', () => {
  it.each(answered)('keeps xterm.js from answering %s', async (_name, query) => {
    expect(await replies(query, false), 'xterm.js answers it by itself').not.toBe('');
    expect(await replies(query, true)).toBe('');
  });

  it.each([
    ['DA3', '\x1b[=c'], ['XTVERSION', '\x1b[>q'], ['XTGETTCAP', '\x1bP+q544e\x1b\\'], ['kitty flags', '\x1b[?u'],
    ['colours', '\x1b]11;?\x07'], ['colour scheme', '\x1b[?996n'], ['ENQ', '\x05'],
  ])('lets nothing out for %s', async (_name, query) => {
    expect(await replies(query, true)).toBe('');
  });

  it('T30 also when the query is split over writes', async () => {
    const terminal = new headless.Terminal({ allowProposedApi: true });
    new ReplyFilter().register(terminal.parser);
    let sent = '';
    terminal.onData((data) => { sent += data; });
    for (const piece of ['\x1b', '[', '6', 'n']) await new Promise<void>((resolve) => terminal.write(piece, resolve));
    expect(sent).toBe('');
    terminal.dispose();
  });

  it('leaves sequences alone that share a final byte with a query', async () => {
    const terminal = new headless.Terminal({ allowProposedApi: true });
    new ReplyFilter().register(terminal.parser);
    // Saved and restored cursor (CSI u), cursor shape (CSI SP q), soft reset (CSI ! p), DECSET.
    await new Promise<void>((resolve) => terminal.write('ab\x1b[s\r\ncd\x1b[uX\x1b[4 q\x1b[?2004h', resolve));
    expect(terminal.buffer.active.getLine(0)?.translateToString(true)).toBe('abX');
    expect(terminal.modes.bracketedPasteMode).toBe(true);
    terminal.dispose();
  });

  it('passes what a person types after a sequence that mutes it', async () => {
    const terminal = new headless.Terminal({ allowProposedApi: true });
    const filter = new ReplyFilter();
    filter.register(terminal.parser);
    const sent: string[] = [];
    terminal.onData((data) => { if (filter.passes) sent.push(data); });
    await new Promise<void>((resolve) => terminal.write('\x1b[?1004h\x1b]10;?\x07', resolve));
    terminal.input('x', true);
    expect(sent).toEqual(['x']);
    terminal.dispose();
  });

  it('is muted while a sequence that sets and asks is applied', () => {
    const handlers = new Map<number, (data: string) => boolean | Promise<boolean>>();
    const nothing = { dispose: () => undefined };
    const filter = new ReplyFilter();
    filter.register({
      registerCsiHandler: () => nothing,
      registerDcsHandler: () => nothing,
      registerOscHandler: (id, handler) => { handlers.set(id, handler); return nothing; },
    });
    expect(handlers.get(10)?.('#ff0000')).toBe(false);
    expect(filter.passes).toBe(true);
    expect(handlers.get(10)?.('?;#ff0000')).toBe(false);
    expect(filter.passes).toBe(false);
  });
});
