/** Milliseconds over which the rate is averaged. */
const averagedOver = 10_000;
/** Milliseconds of transfer before an estimate is worth showing. */
const minElapsed = 1000;

/** How fast bytes go out, over the last ten seconds. Times are `performance.now()`. */
export class TransferRate {
  #samples: { at: number; bytes: number }[] = [];

  add(bytes: number, now: number): void {
    this.#samples.push({ at: now, bytes });
    this.#samples = this.#samples.filter(({ at }) => now - at <= averagedOver);
  }

  /** Seconds until `bytes` more are sent; null while that is unknown. */
  secondsFor(bytes: number, now: number): number | null {
    const recent = this.#samples.filter(({ at }) => now - at <= averagedOver);
    const elapsed = now - (recent[0]?.at ?? now);
    const sent = recent.reduce((sum, sample) => sum + sample.bytes, 0);
    return elapsed < minElapsed || sent <= 0 ? null : (bytes / sent) * (elapsed / 1000);
  }
}
