// Writes the ranges of code points that take no cell or two, from the engine's own table, so that page and engine
// can only agree. Run `npm run generate` after `terminal/UnicodeTable.Generated.cs` changed.
import { readFileSync, writeFileSync } from 'node:fs';

const BLOCK = 128;
const table = readFileSync(new URL('../../terminal/UnicodeTable.Generated.cs', import.meta.url), 'utf8');

function bytes(name) {
  const start = table.indexOf('[', table.indexOf(` ${name} =>`));
  return table.slice(start + 1, table.indexOf(']', start)).match(/\d+/g).map(Number);
}

const blocks = bytes('Blocks');
const properties = bytes('Properties');
const width = (point) => properties[blocks[Math.floor(point / BLOCK)] * BLOCK + (point % BLOCK)] & 3;

function ranges(wanted) {
  const found = [];
  for (let point = 0xa0; point < blocks.length * BLOCK; point++) {
    if (width(point) !== wanted) continue;
    const first = point;
    while (width(point + 1) === wanted) point++;
    found.push([first, point]);
  }
  return found;
}

function array(name, wanted) {
  const lines = ranges(wanted).map(([first, last]) => `  0x${first.toString(16)}, 0x${last.toString(16)},`);
  return `export const ${name}: readonly number[] = [\n${lines.join('\n')}\n];\n`;
}

writeFileSync(new URL('../src/ui/terminal/widths.generated.ts', import.meta.url),
  `// By unicode/generate.mjs from terminal/UnicodeTable.Generated.cs. Do not edit.\n\n/** First and last code point of each range that takes no cell, ascending. */\n${array('zeroWidth', 0)}\n/** First and last code point of each range that takes two cells, ascending. */\n${array('doubleWidth', 2)}`);
