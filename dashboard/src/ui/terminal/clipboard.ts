import type { IDisposable, ITerminalAddon, Terminal } from '@xterm/xterm';

/** A program that copies more than this into a person's clipboard is not doing them a favour. */
const longestCharacters = 1024 * 1024;

/** OSC 52, `Pc ; Pd`: the text to be copied, or null for a read (`?`), a clear, and anything that is not base64 of UTF-8. */
export function copiedText(data: string): string | null {
  const separator = data.indexOf(';');
  if (separator < 0) return null;
  const encoded = data.slice(separator + 1);
  if (encoded === '' || encoded === '?' || encoded.length > (longestCharacters * 4) / 3) return null;
  try {
    const bytes = Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** Hands what a program copies (OSC 52) to its owner. A read is never answered. */
export class ClipboardWrites implements ITerminalAddon {
  readonly #copied: (text: string) => void;
  #handler: IDisposable | null = null;

  constructor(copied: (text: string) => void) {
    this.#copied = copied;
  }

  activate(terminal: Terminal): void {
    this.#handler = terminal.parser.registerOscHandler(52, (data) => {
      const text = copiedText(data);
      if (text !== null) this.#copied(text);
      return true;
    });
  }

  dispose(): void {
    this.#handler?.dispose();
  }
}
