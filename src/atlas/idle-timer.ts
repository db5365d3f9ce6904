/** Aborts a request in which nothing has moved for a while. */
export class IdleTimer {
  readonly milliseconds: number;
  readonly #controller = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;

  constructor(milliseconds: number) {
    this.milliseconds = milliseconds;
    this.touch();
  }
  get signal(): AbortSignal {
    return this.#controller.signal;
  }
  /** Something moved: the time starts again. */
  touch(): void {
    this.hold();
    // An upload may report progress after its answer: a timer would then keep the process alive for nothing.
    if (!this.#stopped) this.#timer = setTimeout(() => this.#controller.abort(), this.milliseconds);
  }
  /** Nothing is expected to move until the next `touch`. */
  hold(): void {
    clearTimeout(this.#timer);
  }
  stop(): void {
    this.#stopped = true;
    this.hold();
  }
}

/** Time for a body whose progress cannot be seen: it grows with the size, at 16 kB/s. */
export function unseenUploadTime(bytes: number): number {
  const slowestBytesPerMs = 16;
  return bytes / slowestBytesPerMs;
}
