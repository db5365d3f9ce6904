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
