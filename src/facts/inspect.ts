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
