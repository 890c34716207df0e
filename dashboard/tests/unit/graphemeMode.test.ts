import { UnicodeGraphemesAddon } from '@xterm/addon-unicode-graphemes';
import headless from '@xterm/headless';
import type { ITerminalAddon, Terminal } from '@xterm/xterm';
import { expect, it, vi } from 'vitest';
import { GraphemeMode } from '../../src/ui/terminal/graphemeMode';

// In node the addon decodes its table into a Buffer and reads that from byte 0 of the memory behind it, which is only
// right for a Buffer that is not cut from the pool.
vi.hoisted(() => { Buffer.poolSize = 0; });

const family = '👩‍👧';

/** The column after `bytes`. */
async function column(bytes: string): Promise<number> {
  const terminal = new headless.Terminal({ allowProposedApi: true });
  const load = (addon: ITerminalAddon): void => addon.activate(terminal as unknown as Terminal);
  load(new UnicodeGraphemesAddon());
  load(new GraphemeMode());
  await new Promise<void>((resolve) => terminal.write(bytes, resolve));
  const at = terminal.buffer.active.cursorX;
  terminal.dispose();
  return at;
}

it.each([
  ['two people until clusters are asked for', family, 4],
  ['one family with mode 2027', `\x1b[?2027h${family}`, 2],
  ['also when it is set among other modes', `\x1b[?25;2027h${family}`, 2],
  ['two people after it is reset', `\x1b[?2027h\x1b[?2027l${family}`, 4],
  ['two people after RIS', `\x1b[?2027h\x1bc${family}`, 4],
  ['combining marks take no cell', 'e\u0301', 1],
  ['combining marks on a wide character', '漢\u0301x', 3],
  ['wide characters take two', '漢', 2],
  ['emoji take two', '\u{1f600}', 2],
  ['a soft hyphen takes one', '\u00ad', 1],
  ['ambiguous characters take one', '\u00a7\u2460', 2],
])('T17 counts %s', async (_name, bytes, expected) => {
  expect(await column(bytes)).toBe(expected);
});
