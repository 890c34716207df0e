import type { IUnicodeVersionProvider } from '@xterm/xterm';
import { doubleWidth, zeroWidth } from './widths.generated';

/** Below this every printable character takes one cell. */
const firstSpecial = 0x300;

/** Cells of a code point, as the engine counts them. */
export function cellsOf(point: number): 0 | 1 | 2 {
  if (point < firstSpecial) return 1;
  if (isWithin(zeroWidth, point)) return 0;
  return isWithin(doubleWidth, point) ? 2 : 1;
}

/** The engine's widths by code point, for xterm.js. */
export class EngineWidths implements IUnicodeVersionProvider {
  readonly version = 'engine';

  wcwidth(point: number): 0 | 1 | 2 {
    return cellsOf(point);
  }

  /** What takes no cell joins the character before it, and keeps that one's width. */
  charProperties(point: number, preceding: number): number {
    const width = cellsOf(point);
    const before = widthOf(preceding);
    return width === 0 && before > 0 ? properties(before, true) : properties(width, false);
  }
}

/** xterm.js keeps two bits of width above one bit that says "joins". */
function properties(width: number, joins: boolean): number {
  return (width << 1) | (joins ? 1 : 0);
}

function widthOf(value: number): number {
  return (value >> 1) & 3;
}

/** Binary search among pairs of first and last. */
function isWithin(ranges: readonly number[], point: number): boolean {
  let low = 0;
  let high = ranges.length / 2 - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (point < (ranges[2 * middle] ?? 0)) high = middle - 1;
    else if (point > (ranges[2 * middle + 1] ?? 0)) low = middle + 1;
    else return true;
  }
  return false;
}
