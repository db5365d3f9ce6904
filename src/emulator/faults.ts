import type { Operation, Toggles } from "./options.ts";
import type { ErrorStatus } from "./wire.ts";

/** The fault names, in the order in which they are considered. */
const names = [
  "cutBefore",
  "redirected",
  "htmlPage",
  "html403",
  "rateLimited",
  "serverError",
  "unavailable",
  "cutAfter",
  "serverErrorAfter",
  "delayed",
  "duplicated",
] as const satisfies readonly (keyof Toggles)[];
export type Fault = (typeof names)[number];

/** Faults that replace the answer by an error. */
export const faultStatus: Partial<Record<Fault, ErrorStatus>> = {
  html403: 403,
  rateLimited: 429,
  serverError: 500,
  serverErrorAfter: 500,
  unavailable: 503,
};

/** Decides which fault is injected into the next request: the same for the same seed and order of requests. */
export class Faults {
  readonly #seen = new Map<Fault, number>();
  #random: () => number;
  #requests = 0;

  constructor(seed: number) {
    this.#random = randomOf(seed);
  }

  /** Starts counting and the random sequence again. */
  reset(seed: number): void {
    this.#requests = 0;
    this.#seen.clear();
    this.#random = randomOf(seed);
  }

  /** The status that all requests from a certain one on get, or null. */
  persistentStatus({ unauthorizedFrom, paymentRequiredFrom }: Toggles): 401 | 402 | null {
    const n = ++this.#requests;
    if (unauthorizedFrom > 0 && n >= unauthorizedFrom) return 401;
    return paymentRequiredFrom > 0 && n >= paymentRequiredFrom ? 402 : null;
  }

  next(operation: Operation | null, toggles: Toggles): Fault | null {
    if (operation === null || !toggles.faultsOn.includes(operation)) return null;
    for (const name of names) {
      const rate = toggles[name];
      if (rate <= 0) continue;
      if (rate < 1) {
        if (this.#random() < rate) return name;
        continue;
      }
      const seen = this.#seen.get(name) ?? 0;
      if (seen >= rate) continue;
      this.#seen.set(name, seen + 1);
      return name;
    }
    return null;
  }
}

/** Mulberry32: small, seeded, good enough for faults. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
