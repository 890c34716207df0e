import type { Size } from '../../src/api/types';
import type { TerminalPort } from '../../src/attach/ports';

/** A terminal that notes what it was told, in order, and applies writes when the test says so. */
export class FakeTerminal implements TerminalPort {
  readonly log: string[] = [];
  #waiting: (() => void)[] = [];

  reset(): void {
    this.log.push('reset');
  }

  write(bytes: Uint8Array, applied: () => void): void {
    this.log.push(`write ${new TextDecoder().decode(bytes)}`);
    this.#waiting.push(applied);
  }

  resize(size: Size): void {
    this.log.push(`resize ${size.cols}x${size.rows}`);
  }

  apply(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const applied of waiting) applied();
  }
}
