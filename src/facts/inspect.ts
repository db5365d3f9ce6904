import { type ByteSource, OutOfReach } from "../bytes/source.ts";
import { Budget, type Budgets, OverBudget } from "./budget.ts";
import { Cursor, EndOfData } from "./cursor.ts";
import { type Evidence, newEvidence, settleFacts } from "./evidence.ts";
import { formats } from "./formats.ts";
import { readers } from "./readers.ts";
import { sniff } from "./sniff.ts";

export interface ReadOptions {
  budgets?: Partial<Budgets> | undefined;
  signal?: AbortSignal | null | undefined;
}

/**
 * Own readers only: bytes to evidence. Never throws on bad bytes.
 * @throws MediaPreflightError where the source cannot be read, or the signal fires
 */
export async function readEvidence(source: ByteSource, options: ReadOptions = {}): Promise<Evidence> {
  const evidence = newEvidence(source.size);
  const cursor = new Cursor(source, new Budget(options.budgets), options.signal ?? null);
  try {
    if (source.size === 0) {
      evidence.damage.push({ code: "empty", part: "file", at: 0, missing: null, certain: true });
    } else {
      evidence.format = await sniff(cursor);
      if (evidence.format) {
        evidence.kind = formats[evidence.format].kind;
        await readers[evidence.format]?.(cursor, evidence);
      }
    }
  } catch (stop) {
    if (stop instanceof OverBudget) {
      evidence.unread.push({ fact: "all", why: { code: "budget", which: stop.which } });
      evidence.odd.add("unread");
    } else if (stop instanceof OutOfReach) {
      evidence.unread.push({ fact: "all", why: { code: "out-of-reach" } });
      evidence.odd.add("unread");
    } else if (stop instanceof EndOfData) {
      const missing = stop.offset + stop.length - cursor.size;
      const known = Number.isSafeInteger(missing);
      evidence.damage.push({
        code: "cut-short",
        part: "file",
        at: known ? stop.offset : null,
        missing: known ? missing : null,
        certain: true,
      });
    } else throw stop;
  }
  // A reader may have refined the format.
  const row = evidence.format ? formats[evidence.format] : null;
  evidence.kind = row?.kind ?? evidence.kind;
  evidence.label = row?.label ?? null;
  evidence.mime = row?.mime ?? null;
  settleFacts(evidence);
  return evidence;
}

/** When a second opinion is asked for: where something is odd, about every file, or not at all. */
export type WitnessPolicy = "auto" | "always" | "never";

/** Asks the witness that fits and adds its readings; a witness that fails is a note in the evidence. */
export type Consult = (
  source: ByteSource,
  evidence: Evidence,
  options: { signal?: AbortSignal | null | undefined },
) => Promise<void>;

export interface InspectOptions extends ReadOptions {
  /** Default: auto. */
  witness?: WitnessPolicy | undefined;
  /** Loads the witnesses when one is wanted: witness/witnesses.ts or witnesses.node.ts. Without it none is asked. */
  witnesses?: (() => Consult | Promise<Consult>) | undefined;
}

/**
 * Own readers, then a witness where the policy wants one.
 * @throws MediaPreflightError where the source cannot be read, or the signal fires
 */
export async function inspectEvidence(source: ByteSource, options: InspectOptions = {}): Promise<Evidence> {
  const evidence = await readEvidence(source, options);
  const { witness = "auto", witnesses, signal } = options;
  if (witness === "never" || !witnesses) return evidence;
  // What is certainly broken stays so, whatever anybody says of it.
  const worth = evidence.odd.size > 0 || evidence.format === null;
  if (witness === "auto" && (!worth || evidence.damage.some((damage) => damage.certain))) return evidence;
  let consult: Consult;
  try {
    consult = await witnesses();
  } catch {
    evidence.witnessNotes.push({ witness: "all", why: "they are not installed or cannot be loaded" });
    return evidence;
  }
  await consult(source, evidence, { signal });
  return evidence;
}
