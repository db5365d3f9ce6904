import { Problem } from "./http/problem.ts";

/** Limits the bodies that are received at a time: in all, and of one label. */
export class Slots {
  readonly #max: number;
  readonly #maxPerLabel: number;
  readonly #taken = new Map<string | null, number>();
  #total = 0;

  constructor(max: number, maxPerLabel: number) {
    this.#max = max;
    this.#maxPerLabel = maxPerLabel;
  }

  /**
   * Takes a slot; the function it returns frees it, once.
   * @throws Problem 503, or 429 if the label's own slots are taken
   */
  take(label: string | null): () => void {
    if (this.#total >= this.#max) throw busy;
    const taken = this.#taken.get(label) ?? 0;
    if (taken >= this.#maxPerLabel) throw busyLabel;
    this.#total += 1;
    this.#taken.set(label, taken + 1);
    let freed = false;
    return () => {
      if (freed) return;
      freed = true;
      this.#total -= 1;
      const left = (this.#taken.get(label) ?? 1) - 1;
      if (left === 0) this.#taken.delete(label);
      else this.#taken.set(label, left);
    };
  }
}

const busy = new Problem(503, "rate-limited", "too many uploads at the same time", {
  hint: "try again in a few seconds",
  headers: { "retry-after": "5" },
});
const busyLabel = new Problem(429, "rate-limited", "you are sending too many files at the same time", {
  hint: "send fewer at a time",
  headers: { "retry-after": "5" },
});
