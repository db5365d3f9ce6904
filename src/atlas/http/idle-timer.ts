/** Aborts a request that has made no progress for a while. */
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
  /** There was progress: the time starts again. */
  touch(): void {
    this.pause();
    // An upload may report progress after its answer: a new timer would keep the process alive.
    if (!this.#stopped) this.#timer = setTimeout(() => this.#controller.abort(), this.milliseconds);
  }
  /** No progress is expected until the next `touch`. */
  pause(): void {
    clearTimeout(this.#timer);
  }
  stop(): void {
    this.#stopped = true;
    this.pause();
  }
}

/** Milliseconds to allow for a body whose progress is not reported: 16 kB/s. */
export function unseenUploadTime(bytes: number): number {
  const slowestBytesPerMillisecond = 16;
  return bytes / slowestBytesPerMillisecond;
}
