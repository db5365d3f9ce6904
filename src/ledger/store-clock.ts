/**
 * Milliseconds since it was made, on this machine. The monotonic clock can stand still while the machine sleeps, the
 * wall clock can be set: what must not be underestimated takes the longer of the two, what must not be overestimated
 * takes the monotonic one.
 */
export class Stopwatch {
  readonly #monotonic = performance.now();
  readonly #wall = Date.now();

  /** The most that can have passed: for leases. */
  longest(): number {
    return Math.max(this.shortest(), Date.now() - this.#wall);
  }

  /** What has passed at least: for waits. */
  shortest(): number {
    return performance.now() - this.#monotonic;
  }
}

/**
 * The store's time, without asking it again: its answer to a request, and what has passed here since. The clocks of
 * two machines are never compared.
 */
export class StoreClock {
  #time = 0;
  #asked = new Stopwatch();
  #answered = new Stopwatch();

  /** @param time the store's time in milliseconds since 1970, from its answer to a request sent at `asked` */
  set(time: number, asked: Stopwatch): void {
    this.#time = time;
    this.#asked = asked;
    this.#answered = new Stopwatch();
  }

  /** ISO 8601; never earlier than the store's own time, by at most one request. */
  now(): string {
    return new Date(this.#time + this.#asked.shortest()).toISOString();
  }

  /** Milliseconds since a time that `now` gave, perhaps on another machine; never longer than they were. */
  since(time: string): number {
    return Math.max(0, this.#time - Date.parse(time) + this.#answered.shortest());
  }
}
