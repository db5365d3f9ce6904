import type { ByteSource } from "../../bytes/source.ts";
import type { Evidence } from "../evidence.ts";

/** When a cross-check runs: if something is unusual, for every file, or never. */
export type CrossCheckPolicy = "auto" | "always" | "never";

/**
 * Runs the library for the file's format and adds its readings; a library that fails is a note in the evidence.
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
 * Whether the policy requires a cross-check here. Under "auto" not for certain damage, which no library can refute, nor
 * for a file that is over budget, on which a library would spend seconds.
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

/** Records a library that gave no result. Under "always" the cross-check is required, and the file does not pass. */
export function noteFailure(
  evidence: Evidence,
  library: string,
  why: string,
  policy: CrossCheckPolicy | undefined,
): void {
  evidence.crossCheckNotes.push({
    crossCheck: library,
    why,
    ...(policy === "always" ? { required: true } : null),
  });
}

/** Records that no library could be loaded. */
export function noteNothingLoaded(evidence: Evidence, policy: CrossCheckPolicy | undefined): void {
  noteFailure(evidence, "all", "they are not installed or cannot be loaded", policy);
}

/**
 * Cross-checks that load their libraries only when a file needs one. Calls with the same options share one worker.
 * Libraries that cannot be loaded are a note.
 */
export function crossCheckLazily<Options extends { load?: unknown }>(
  load: (options: Options) => Promise<RunCrossCheck>,
): (options?: Options) => RunCrossCheck {
  const shared = new Map<string, RunCrossCheck>();
  return (options = {} as Options) => {
    const key = options.load ? null : JSON.stringify(options);
    const known = key === null ? undefined : shared.get(key);
    if (known) return known;
    let loading: Promise<RunCrossCheck> | null = null;
    const crossCheck: RunCrossCheck = async (source, evidence, runOptions) => {
      if (!needsCrossCheck(evidence, runOptions.crossCheck)) return;
      let loaded: RunCrossCheck;
      try {
        loading ??= load(options);
        loaded = await loading;
      } catch {
        loading = null;
        noteNothingLoaded(evidence, runOptions.crossCheck);
        return;
      }
      await loaded(source, evidence, runOptions);
    };
    if (key !== null) shared.set(key, crossCheck);
    return crossCheck;
  };
}
