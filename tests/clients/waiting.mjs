import assert from 'node:assert/strict';

/** Gathers text and resolves when it holds what is waited for. */
export class Gathered {
  text = '';
  #waiting = [];

  add(chunk) {
    this.text += chunk;
    for (const one of this.#waiting.slice()) one();
  }

  /** Resolves with the index behind the text. */
  until(wanted, from = 0, limit = 30_000) {
    return new Promise((done, fail) => {
      const timer = setTimeout(() => look(true), limit);
      const look = (isLate) => {
        const at = this.text.indexOf(wanted, from);
        if (at < 0 && !isLate) return;
        clearTimeout(timer);
        this.#waiting.splice(this.#waiting.indexOf(look), 1);
        if (at < 0) fail(new assert.AssertionError({ message: `no ${JSON.stringify(wanted)} in ${JSON.stringify(this.text.slice(-2000))}` }));
        else done(at + wanted.length);
      };
      this.#waiting.push(look);
      look(false);
    });
  }
}
