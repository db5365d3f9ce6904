import { backoffDelay } from "../../async/backoff.ts";
import { callSafely } from "../../async/call-safely.ts";
import { delay } from "../../async/delay.ts";
import { AtlasError, type Host } from "../error.ts";
import type { RetryPolicy } from "./retry.ts";

/** All calls to one host wait. */
export interface ServicePause {
  host: Host;
  /** `retry-after`: the service asked for it; `no-connection`: the host could not be reached several times in a row. */
  reason: "retry-after" | "no-connection";
  /** Most milliseconds that calls wait. */
  milliseconds: number;
}

/** Consecutive failures to connect after which the host counts as unreachable for all calls. */
const failuresUntilOutage = 3;

interface Outage {
  since: number;
  attempts: number;
  /** When the next call may try; the others wait for its result. */
  nextProbeAt: number;
  probing: boolean;
  cause: unknown;
}

/**
 * Delays all calls to one host while the service asked for a pause (`Retry-After`), or while it cannot be reached: then
 * one call at a time tries, and the others wait for it instead of using up their own attempts.
 */
export class HostGate {
  readonly #host: Host;
  readonly #policy: RetryPolicy;
  readonly #onPause: (pause: ServicePause) => void;
  #pausedUntil = 0;
  #failures = 0;
  #outage: Outage | null = null;

  constructor(host: Host, policy: RetryPolicy, onPause: (pause: ServicePause) => void) {
    this.#host = host;
    this.#policy = policy;
    this.#onPause = onPause;
  }

  /**
   * Resolves when a request may be sent; each must be followed by `answered`, `unreachable` or `released`.
   * @throws AtlasError `network`: the host stayed unreachable; MediaPreflightError `aborted`, `timeout`
   */
  async enter(signal: AbortSignal | null): Promise<void> {
    for (;;) {
      const now = performance.now();
      const wait = this.#waitAt(now);
      if (wait <= 0) return;
      await delay(Math.min(wait, 250), signal);
    }
  }

  /** Milliseconds until this call may be sent, 0 if it may now. */
  #waitAt(now: number): number {
    const outage = this.#outage;
    if (!outage) return this.#pausedUntil - now;
    if (!outage.probing && now >= outage.nextProbeAt) {
      outage.probing = true;
      return 0;
    }
    if (now - outage.since >= this.#policy.outage) throw this.#unreachableError(outage);
    return Math.max(5, Math.min(outage.nextProbeAt - now, outage.since + this.#policy.outage - now));
  }

  /** There was an answer, whatever its status. @param retryAfter its `Retry-After` in milliseconds, or null */
  answered(retryAfter: number | null): void {
    this.#failures = 0;
    this.#outage = null;
    if (retryAfter === null || retryAfter <= 0) return;
    const until = performance.now() + retryAfter;
    // Several calls may be refused at once: that is one pause.
    const isNew = until > this.#pausedUntil + 1000 || this.#pausedUntil < performance.now();
    this.#pausedUntil = Math.max(this.#pausedUntil, until);
    if (isNew) this.#emit("retry-after", retryAfter);
  }

  /** No connection was made. */
  unreachable(cause: unknown): void {
    this.#failures++;
    const { base, cap, outage: duration } = this.#policy;
    const now = performance.now();
    if (this.#outage) {
      if (!this.#outage.probing) return;
      this.#outage.probing = false;
      this.#outage.cause = cause;
      this.#outage.nextProbeAt = now + backoffDelay(++this.#outage.attempts, { base: base * 4, cap });
    } else if (this.#failures >= failuresUntilOutage) {
      const nextProbeAt = now + backoffDelay(1, { base: base * 4, cap });
      this.#outage = { since: now, attempts: 1, nextProbeAt, probing: false, cause };
      this.#emit("no-connection", duration);
    }
  }

  /** The request ended without showing whether the host can be reached: aborted, or broken midway. */
  released(): void {
    if (this.#outage) this.#outage.probing = false;
    else this.#failures = 0;
  }

  #emit(reason: ServicePause["reason"], milliseconds: number): void {
    callSafely(this.#onPause, { host: this.#host, reason, milliseconds: Math.round(milliseconds) });
  }

  #unreachableError({ cause }: Outage): AtlasError {
    const seconds = Math.round(this.#policy.outage / 1000);
    return new AtlasError("network", `no connection to the ${this.#host} host for ${seconds} s`, {
      host: this.#host,
      cause,
      retryable: true,
      hostUnreachable: true,
      hint: `check the network and the ${this.#host} base URL (ATLASCLOUD_${this.#host.toUpperCase()}_BASE_URL), then run it again`,
    });
  }
}
