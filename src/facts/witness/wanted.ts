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
  /** The platform's own: NodeWitnessOptions or BrowserWitnessOptions. */
  witnessOptions?: object | undefined;
}

/** Whether the policy wants a witness here. What is certainly broken stays so, whatever anybody says of it. */
export function wantsWitness(evidence: Evidence, policy: WitnessPolicy = "auto"): boolean {
  if (policy === "auto")
    return (
      (evidence.odd.size > 0 || evidence.format === null) && !evidence.damage.some((damage) => damage.certain)
    );
  return policy === "always";
}

/**
 * Runs a consultation that is loaded only when it is wanted, and kept for the calls with the same options. Libraries
 * that cannot be loaded are a note.
 */
export function consultLazily<Options extends object>(
  load: (options: Options) => Promise<Consult>,
  fixed?: Options,
): Consult {
  const kept = new Map<string, Promise<Consult>>();
  return async (source, evidence, options) => {
    if (!wantsWitness(evidence, options.witness)) return;
    const given = { ...fixed, ...options.witnessOptions } as Options;
    const key = JSON.stringify(given);
    let consult: Consult;
    try {
      const made = kept.get(key) ?? load(given);
      kept.set(key, made);
      consult = await made;
    } catch {
      kept.delete(key);
      evidence.witnessNotes.push({ witness: "all", why: "they are not installed or cannot be loaded" });
      return;
    }
    await consult(source, evidence, options);
  };
}
