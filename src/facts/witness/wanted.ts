import type { ByteSource } from "../../bytes/source.ts";
import type { Evidence } from "../evidence.ts";

/** When a second opinion is asked for: where something is odd, about every file, or not at all. */
export type WitnessPolicy = "auto" | "always" | "never";

/**
 * Asks the witness that fits and adds its readings; a witness that fails is a note in the evidence.
 * @throws MediaPreflightError where the source cannot be read, or the signal fires
 */
export type Consult = (source: ByteSource, evidence: Evidence, options: ConsultOptions) => Promise<void>;

export interface ConsultOptions {
  /** Default: auto. */
  witness?: WitnessPolicy | undefined;
  signal?: AbortSignal | null | undefined;
}

/**
 * Whether the policy wants a witness here. What is certainly broken stays so, whatever anybody says of it; and what
 * is too much work for bounded readers would cost a library seconds.
 */
export function wantsWitness(evidence: Evidence, policy: WitnessPolicy = "auto"): boolean {
  if (policy === "auto")
    return (
      (evidence.odd.size > 0 || evidence.format === null) &&
      !evidence.damage.some((damage) => damage.certain) &&
      !evidence.unread.some(({ why }) => why.code === "budget")
    );
  return policy === "always";
}

/**
 * Consultations that load their libraries only when one is wanted. Calls with the same options share one, and with it
 * one worker. Libraries that cannot be loaded are a note.
 */
export function consultLazily<Options extends { load?: unknown }>(
  load: (options: Options) => Promise<Consult>,
): (options?: Options) => Consult {
  const kept = new Map<string, Consult>();
  return (options = {} as Options) => {
    const key = options.load ? null : JSON.stringify(options);
    const known = key === null ? undefined : kept.get(key);
    if (known) return known;
    let loading: Promise<Consult> | null = null;
    const consult: Consult = async (source, evidence, asked) => {
      if (!wantsWitness(evidence, asked.witness)) return;
      let loaded: Consult;
      try {
        loading ??= load(options);
        loaded = await loading;
      } catch {
        loading = null;
        evidence.witnessNotes.push({ witness: "all", why: "they are not installed or cannot be loaded" });
        return;
      }
      await loaded(source, evidence, asked);
    };
    if (key !== null) kept.set(key, consult);
    return consult;
  };
}
