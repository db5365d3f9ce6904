import { Problem } from "./problem.ts";

/** Slots for bodies: so many at a time, and of them so many of one label. */
export class Slots {
  readonly #most: number;
  readonly #mostPerLabel: number;
  readonly #taken = new Map<string | null, number>();
  #total = 0;

  constructor(most: number, mostPerLabel: number) {
    this.#most = most;
    this.#mostPerLabel = mostPerLabel;
  }

  /**
   * Takes a slot; the function it returns frees it, once.
   * @throws Problem 503, or 429 where the label's own slots are taken
   */
  take(label: string | null): () => void {
    if (this.#total >= this.#most) throw busy;
    const taken = this.#taken.get(label) ?? 0;
    if (taken >= this.#mostPerLabel) throw busyLabel;
    this.#total += 1;
    this.#taken.set(label, taken + 1);
    let held = true;
    return () => {
      if (!held) return;
      held = false;
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
