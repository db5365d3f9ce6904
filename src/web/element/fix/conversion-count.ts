import { type FixState, isConverting } from "./fix-state.ts";

/** How far the conversions are that run together. */
export interface ConversionProgress {
  ended: number;
  total: number;
  /** 0 – 1 */
  share: number;
}

/** Counts conversions from the first one that starts until none is left. */
export class ConversionCount {
  #total = 0;
  #ended = 0;
  #succeeded = 0;

  start(): void {
    this.#total++;
  }

  /** One has ended. @returns once all have: how many there were, and how many succeeded; else null */
  end(succeeded: boolean): { done: number; total: number } | null {
    this.#ended++;
    if (succeeded) this.#succeeded++;
    if (this.#ended < this.#total) return null;
    const all = { done: this.#succeeded, total: this.#total };
    this.#total = this.#ended = this.#succeeded = 0;
    return all;
  }

  /** @param busy the states of files that are opened or converted. @returns null while none is converted */
  progress(busy: readonly FixState[]): ConversionProgress | null {
    const states = busy.filter(isConverting);
    if (states.length === 0) return null;
    const running = states.reduce((sum, { phase, done }) => sum + (phase === "working" ? done : 0), 0);
    return { ended: this.#ended, total: this.#total, share: (this.#ended + running) / this.#total };
  }
}
