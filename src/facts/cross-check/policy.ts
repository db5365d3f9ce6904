import type { ByteSource } from "../../bytes/source.ts";
import type { Evidence } from "../evidence.ts";

/** When a cross-check is asked for: where something is odd, about every file, or not at all. */
export type CrossCheckPolicy = "auto" | "always" | "never";

/**
 * Asks the cross-check library that fits and adds its readings; a cross-check library that fails is a note in the evidence.
 * @throws MediaPreflightError where the source cannot be read, or the signal fires
 */
export type RunCrossCheck = (
  source: ByteSource,
  evidence: Evidence,
  options: CrossCheckRunOptions,
) => Promise<void>;

export interface CrossCheckRunOptions {
  /** Default: auto. */
  crossCheck?: CrossCheckPolicy | undefined;
  signal?: AbortSignal | null | undefined;
}

/**
 * Whether the policy wants a cross-check library here. What is certainly broken stays so, whatever a library says; and what
 * is too much work for bounded readers would cost a library seconds.
 */
export function needsCrossCheck(evidence: Evidence, policy: CrossCheckPolicy = "auto"): boolean {
  if (policy === "auto")
    return (
      (evidence.unusual.size > 0 || evidence.format === null) &&
      !evidence.damage.some((damage) => damage.certain) &&
      !evidence.unread.some(({ why }) => why.code === "budget")
    );
  return policy === "always";
}

/** Records a library that could not answer. Under "always" the cross-check is required, and the file does not pass. */
export function noteFailure(
  evidence: Evidence,
  crossCheck: string,
  why: string,
  policy: CrossCheckPolicy | undefined,
): void {
  evidence.crossCheckNotes.push({ crossCheck, why, ...(policy === "always" ? { required: true } : null) });
}

/** Records that no library could be loaded. */
export function noteNothingLoaded(evidence: Evidence, policy: CrossCheckPolicy | undefined): void {
  noteFailure(evidence, "all", "they are not installed or cannot be loaded", policy);
}

/**
 * Consultations that load their libraries only when one is wanted. Calls with the same options share one, and with it
 * one worker. Libraries that cannot be loaded are a note.
 */
export function consultLazily<Options extends { load?: unknown }>(
  load: (options: Options) => Promise<RunCrossCheck>,
): (options?: Options) => RunCrossCheck {
  const kept = new Map<string, RunCrossCheck>();
  return (options = {} as Options) => {
    const key = options.load ? null : JSON.stringify(options);
    const known = key === null ? undefined : kept.get(key);
    if (known) return known;
    let loading: Promise<RunCrossCheck> | null = null;
    const consult: RunCrossCheck = async (source, evidence, asked) => {
      if (!needsCrossCheck(evidence, asked.crossCheck)) return;
      let loaded: RunCrossCheck;
      try {
        loading ??= load(options);
        loaded = await loading;
      } catch {
        loading = null;
        noteNothingLoaded(evidence, asked.crossCheck);
        return;
      }
      await loaded(source, evidence, asked);
    };
    if (key !== null) kept.set(key, consult);
    return consult;
  };
}
