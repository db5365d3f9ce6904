import type { Operation, Toggles } from "../toggles.ts";
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
/** Toggles that are rates. */
type RateName = { [Name in keyof Toggles]: Toggles[Name] extends number ? Name : never }[keyof Toggles];

/** Faults that replace the answer by an error. */
export const faultStatus: Partial<Record<Fault, ErrorStatus>> = {
  html403: 403,
  rateLimited: 429,
  serverError: 500,
  serverErrorAfter: 500,
  unavailable: 503,
};

/** Picks faults by their rates: the same for the same seed and number of requests. */
export class FaultSequence<Name extends RateName> {
  readonly #names: readonly Name[];
  readonly #seen = new Map<Name, number>();
  #random: () => number;

  /** @param names in the order in which they are considered */
  constructor(names: readonly Name[], seed: number) {
    this.#names = names;
    this.#random = randomOf(seed);
  }

  /** Starts counting and the random sequence again. */
  reset(seed: number): void {
    this.#seen.clear();
    this.#random = randomOf(seed);
  }

  next(rates: Readonly<Record<Name, number>>): Name | null {
    for (const name of this.#names) {
      const rate = rates[name];
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

/** Decides which fault is injected into the next request to the service's two hosts. */
export class Faults {
  readonly #sequence: FaultSequence<Fault>;
  #requests = 0;

  constructor(seed: number) {
    this.#sequence = new FaultSequence(names, seed);
  }

  /** Starts counting and the random sequence again. */
  reset(seed: number): void {
    this.#requests = 0;
    this.#sequence.reset(seed);
  }

  /** The status that all requests from a certain one on get, or null. */
  persistentStatus({ unauthorizedFrom, paymentRequiredFrom }: Toggles): 401 | 402 | null {
    const n = ++this.#requests;
    if (unauthorizedFrom > 0 && n >= unauthorizedFrom) return 401;
    return paymentRequiredFrom > 0 && n >= paymentRequiredFrom ? 402 : null;
  }

  next(operation: Operation | null, toggles: Toggles): Fault | null {
    if (operation === null || !toggles.faultsOn.includes(operation)) return null;
    return this.#sequence.next(toggles);
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
