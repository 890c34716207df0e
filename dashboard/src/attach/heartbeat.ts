/** As the endpoint does it: a ping every 20 s, dead after 60 s. */
const intervalMilliseconds = 20_000;
const silentIntervals = 3;
/** After a machine woke up or a network came back, nobody waits 60 s for the truth. */
const probeMilliseconds = 5_000;

export interface HeartbeatOwner {
  ping(id: number): void;
  dead(): void;
}

/**
 * Finds connections that died in silence. It counts its own ticks instead of reading a clock: a page that was frozen has
 * missed its ticks as well, and its messages are still in the queue.
 */
export class Heartbeat {
  readonly #owner: HeartbeatOwner;
  #interval: ReturnType<typeof setInterval> | undefined;
  #probe: ReturnType<typeof setTimeout> | undefined;
  #silent = 0;
  #id = 0;

  constructor(owner: HeartbeatOwner) {
    this.#owner = owner;
  }

  start(): void {
    this.stop();
    this.#silent = 0;
    this.#interval = setInterval(() => this.#tick(), intervalMilliseconds);
  }

  /** Something arrived. */
  heard(): void {
    this.#silent = 0;
    clearTimeout(this.#probe);
    this.#probe = undefined;
  }

  /** Asks now, and takes a short silence for an answer. */
  probe(): void {
    if (this.#interval === undefined || this.#probe !== undefined) return;
    this.#probe = setTimeout(() => this.#owner.dead(), probeMilliseconds);
    this.#owner.ping(++this.#id);
  }

  stop(): void {
    clearInterval(this.#interval);
    clearTimeout(this.#probe);
    this.#interval = undefined;
    this.#probe = undefined;
  }

  #tick(): void {
    if (this.#silent >= silentIntervals) {
      this.#owner.dead();
      return;
    }
    this.#silent++;
    this.#owner.ping(++this.#id);
  }
}
