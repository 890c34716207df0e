// Feeds streams to @xterm/headless and prints what its screen, cursor and modes are then.
// One JSON object a line in: { cols, rows, scrollback, data: [base64, ...] }; one JSON object a line out.
import xtermHeadless from '@xterm/headless';
import unicode11 from '@xterm/addon-unicode11';
import { createInterface } from 'node:readline';

const { Terminal } = xtermHeadless;
const ATTRIBUTES = [
  ['isBold', 'b'], ['isDim', 'd'], ['isItalic', 'i'], ['isUnderline', 'u'], ['isBlink', 'k'],
  ['isInverse', 'v'], ['isInvisible', 'h'], ['isStrikethrough', 's'], ['isOverline', 'o'],
];

function color(cell, which) {
  if (cell[`is${which}Default`]()) return '';
  const value = cell[`get${which}Color`]();
  return cell[`is${which}RGB`]() ? '#' + value.toString(16).padStart(6, '0') : String(value);
}

function styleOf(cell) {
  if (cell.getChars() === '') return color(cell, 'Bg') === '' ? '' : `;${color(cell, 'Bg')};`;
  const attributes = ATTRIBUTES.filter(([name]) => cell[name]()).map(([, letter]) => letter).join('');
  const text = `${color(cell, 'Fg')};${color(cell, 'Bg')};${attributes}`;
  return text === ';;' ? '' : text;
}

function row(line, cols) {
  let text = '';
  let style = '';
  let end = 0;
  const cell = line.getCell(0);
  for (let x = 0; x < cols; x++) {
    line.getCell(x, cell);
    if (cell.getWidth() === 0) continue;
    const current = styleOf(cell);
    if (current !== style) {
      text += `[${current}]`;
      style = current;
    }
    text += cell.getChars() || ' ';
    if ((cell.getChars() !== '' && cell.getChars() !== ' ') || current !== '') end = text.length;
  }
  return text.slice(0, end);
}

function rows(buffer, cols) {
  const lines = [];
  for (let y = 0; y < buffer.length; y++) lines.push(row(buffer.getLine(y), cols));
  while (lines.length > 0 && lines[lines.length - 1] === '') lines.pop();
  return lines;
}

const write = (terminal, bytes) => new Promise((resolve) => terminal.write(bytes, resolve));

for await (const line of createInterface({ input: process.stdin })) {
  const { cols, rows: height, scrollback, data } = JSON.parse(line);
  const terminal = new Terminal({ cols, rows: height, scrollback, allowProposedApi: true });
  terminal.loadAddon(new unicode11.Unicode11Addon());
  terminal.unicode.activeVersion = '11';
  let title = '';
  terminal.onTitleChange((value) => { title = value; });
  for (const part of data) await write(terminal, Buffer.from(part, 'base64'));
  const buffer = terminal.buffer.active;
  const modes = terminal.modes;
  console.log(JSON.stringify({
    cursor: [Math.min(buffer.cursorX, cols - 1), buffer.cursorY],
    pending: buffer.cursorX >= cols,
    alternate: buffer.type === 'alternate',
    scrollback: terminal.buffer.normal.baseY,
    normal: rows(terminal.buffer.normal, cols),
    shown: rows(buffer, cols),
    title,
    modes: [
      modes.applicationCursorKeysMode, modes.applicationKeypadMode, modes.bracketedPasteMode, modes.insertMode,
      modes.originMode, modes.sendFocusMode, modes.wraparoundMode,
    ].map(Number).join(''),
    mouse: modes.mouseTrackingMode,
  }));
  terminal.dispose();
}
