import { Stopwatch } from "../async/stopwatch.ts";

/**
 * The store's time, without asking it again: its answer to a request, and what has passed here since. The clocks of
 * two machines are never compared.
 */
export class StoreClock {
  #time = 0;
  #sinceRequest = new Stopwatch();
  #answered = new Stopwatch();

  /** @param time the store's time in milliseconds since 1970, from its answer to a request sent at `sinceRequest` */
  set(time: number, sinceRequest: Stopwatch): void {
    this.#time = time;
    this.#sinceRequest = sinceRequest;
    this.#answered = new Stopwatch();
  }

  /** ISO 8601; never earlier than the store's own time, by at most one request. */
  now(): string {
    return new Date(this.#time + this.#sinceRequest.shortest()).toISOString();
  }

  /** Milliseconds since a time that `now` returned, possibly on another machine; never longer than they were. */
  since(time: string): number {
    return Math.max(0, this.#time - Date.parse(time) + this.#answered.shortest());
  }
}
