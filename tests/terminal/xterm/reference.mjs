// Feeds streams to @xterm/headless and prints what its screens, cursor and modes are then, in the words of Terminal.Compare.cs.
// A line in is a JSON array of jobs { cols, rows, scrollback, data: [base64 | [cols, rows], ...] }, where a pair is a resize;
// a line out is a JSON array with one text a job. SHOW_STATE in `data` (null) asks for the state there as well; the texts are joined.
import xtermHeadless from '@xterm/headless';
import unicode11 from '@xterm/addon-unicode11';
import { createInterface } from 'node:readline';

const { Terminal } = xtermHeadless;

// Bits of a cell's fg and bg words as xterm.js keeps them (common/buffer/Constants.ts).
const INVERSE = 0x4000000, BOLD = 0x8000000, UNDERLINE = 0x10000000, BLINK = 0x20000000, INVISIBLE = 0x40000000, STRIKE = 0x80000000;
const ITALIC = 0x4000000, DIM = 0x8000000, HAS_EXTENDED = 0x10000000, PROTECTED = 0x20000000, OVERLINE = 0x40000000;
const KIND = 0x3000000, RGB = 0x3000000;

function color(word) {
  const kind = word & KIND;
  if (kind === 0) return '';
  return kind === RGB ? '#' + (word & 0xffffff).toString(16).padStart(6, '0') : String(word & 0xff);
}

// The underline is read raw: xterm.js shows hyperlinks as underlined whatever their own underline is.
function underlineOf(cell) {
  if ((cell.fg & UNDERLINE) === 0) return '';
  // DECRC brings the bit back and not the style.
  const style = (cell.bg & HAS_EXTENDED) !== 0 ? ((cell.extended._ext >>> 26) & 7) || 1 : 1;
  const word = (cell.bg & HAS_EXTENDED) !== 0 ? cell.extended.underlineColor : 0;

  // SGR 59 sets all bits of it.
  const line = word === (KIND | 0xffffff) ? '' : color(word);
  return `u${style}${line === '' ? '' : `(${line})`}`;
}

function styleOf(core, cell) {
  if (cell.getChars() === '') {
    const background = color(cell.bg);
    return background === '' ? '' : `;${background};`;
  }
  const letters = (cell.fg & BOLD ? 'b' : '') + (cell.bg & DIM ? 'd' : '') + (cell.bg & ITALIC ? 'i' : '') + underlineOf(cell)
    + (cell.fg & BLINK ? 'k' : '') + (cell.fg & INVERSE ? 'v' : '') + (cell.fg & INVISIBLE ? 'h' : '') + (cell.fg & STRIKE ? 's' : '')
    + (cell.bg & OVERLINE ? 'o' : '') + (cell.bg & PROTECTED ? 'p' : '');
  const link = (cell.bg & HAS_EXTENDED) !== 0 && cell.extended.urlId ? core.links.get(cell.extended.urlId) : '';
  const text = `${color(cell.fg)};${color(cell.bg)};${letters}`;
  return (text === ';;' ? '' : text) + (link === '' ? '' : `<${link}>`);
}

function rowText(core, line, cols, cell) {
  let text = '';
  let style = '';
  let end = 0;
  let fg = 0, bg = 0, extended = null, current = '', empty = true;
  for (let x = 0; x < cols; x++) {
    line.loadCell(x, cell);
    if (cell.getWidth() === 0) continue;
    const chars = cell.getChars();
    if (cell.fg !== fg || cell.bg !== bg || cell.extended !== extended || (chars === '') !== empty) {
      ({ fg, bg, extended } = cell);
      empty = chars === '';
      current = styleOf(core, cell);
      if (current !== style) {
        text += `[${current}]`;
        style = current;
      }
    }
    text += chars || ' ';
    if ((chars !== '' && chars !== ' ') || current !== '') end = text.length;
  }
  return text.slice(0, end);
}

function rows(core, buffer, cols, cell) {
  const lines = [];
  for (let y = 0; y < buffer.lines.length; y++) lines.push(rowText(core, buffer.lines.get(y), cols, cell));
  while (lines.length > 0 && lines[lines.length - 1] === '') lines.pop();
  return lines.join('\n');
}

function shape(modes) {
  if (modes.cursorStyle === undefined) return 'default';
  return (modes.cursorBlink ? 'blinking_' : '') + modes.cursorStyle;
}

function state(terminal, cols) {
  const core = terminal._core;
  const { normal, alt, active } = core._bufferService.buffers;
  const cell = terminal.buffer.active.getNullCell();
  const modes = core.coreService.decPrivateModes;
  const flags = [
    modes.applicationCursorKeys, modes.applicationKeypad, modes.bracketedPasteMode, core.coreService.modes.insertMode,
    modes.origin, modes.sendFocus, modes.wraparound, !core.coreService.isCursorHidden,
  ].map(Number).join('');
  const mouse = { NONE: 'none', X10: 'x10', VT200: 'vt200', DRAG: 'drag', ANY: 'any' }[core.coreMouseService.activeProtocol];
  const encoding = { DEFAULT: 'default', SGR: 'sgr', SGR_PIXELS: 'sgr-pixels' }[core.coreMouseService.activeEncoding];
  return `cursor ${active.y},${Math.min(active.x, cols - 1)} pending=${active.x >= cols} alternate=${active === alt} shape=${shape(modes)}\n`
    + `margins ${active.scrollTop}-${active.scrollBottom}\n`
    + `modes ${flags} mouse=${mouse} ${encoding}\ntitle ${core._inputHandler._windowTitle}\nscrollback ${normal.ybase}\n`
    + `normal\n${rows(core, normal, cols, cell)}\nshown\n${rows(core, active, cols, cell)}\n`;
}

// xterm.js forgets a link when the line where it began is gone, even where it goes on in another.
function rememberLinks(core) {
  const service = core._oscLinkService;
  const register = service.registerLink.bind(service);
  core.links = new Map();
  service.registerLink = (link) => {
    const id = register(link);
    core.links.set(id, link.uri);
    return id;
  };
}

function run({ cols, rows: height, scrollback, data }) {
  const terminal = new Terminal({
    cols, rows: height, scrollback, allowProposedApi: true, logLevel: 'off', windowOptions: { pushTitle: true, popTitle: true },
  });
  terminal.loadAddon(new unicode11.Unicode11Addon());
  terminal.unicode.activeVersion = '11';
  rememberLinks(terminal._core);
  let width = cols;
  const states = [];
  for (const part of data) {
    if (part === null) states.push(state(terminal, width));
    else if (typeof part === 'string') terminal._core.writeSync(Buffer.from(part, 'base64'));
    else {
      terminal.resize(part[0], part[1]);
      width = part[0];
    }
  }
  states.push(state(terminal, width));
  terminal.dispose();
  return states.join('');
}

function tryRun(job) {
  try {
    return run(job);
  } catch (error) {
    return `@xterm/headless threw ${error.stack}\n`;
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(JSON.parse(line).map(tryRun)));
}
