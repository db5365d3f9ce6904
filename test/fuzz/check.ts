import type { ByteSource } from "../../src/bytes/source.ts";
import { MediaPreflightError } from "../../src/errors.ts";
import { defaultBudgets } from "../../src/facts/budget.ts";
import type { Evidence } from "../../src/facts/evidence.ts";
import { readEvidence } from "../facts/read-evidence.ts";

/** Milliseconds that one file may take. A slow run is measured again, since the machine may be busy. */
export const mostMilliseconds = 250;

/** A source of these bytes with a given `minReadSize`, sync or async, that counts its reads. */
export function countingSource(
  bytes: Uint8Array,
  minReadSize: number,
  isAsync: boolean,
): ByteSource & { reads: number; served: number } {
  const source = {
    size: bytes.length,
    name: null,
    minReadSize,
    reads: 0,
    served: 0,
    read(offset: number, length: number): Uint8Array | Promise<Uint8Array> {
      source.reads++;
      const piece = bytes.subarray(offset, offset + length);
      source.served += piece.length;
      return isAsync ? Promise.resolve(piece) : piece;
    },
  };
  return source;
}

/** Evidence as text, to compare. */
export function asText(evidence: Evidence): string {
  return JSON.stringify({ ...evidence, unusual: [...evidence.unusual].sort() });
}

function isOverBudget(evidence: Evidence): boolean {
  return evidence.unread.some((unread) => unread.why.code === "budget");
}

/** Inspects the bytes once. Returns what went wrong, or null. */
export async function checkOnce(
  bytes: Uint8Array,
): Promise<{ evidence: Evidence | null; wrong: string | null }> {
  const source = countingSource(bytes, 4096, false);
  const from = performance.now();
  let evidence: Evidence;
  try {
    evidence = await readEvidence(source);
  } catch (error) {
    if (error instanceof MediaPreflightError)
      return { evidence: null, wrong: `coded error on plain bytes: ${error.code}` };
    return { evidence: null, wrong: `uncoded: ${error instanceof Error ? error.stack : String(error)}` };
  }
  let spent = performance.now() - from;
  for (let again = 0; again < 4 && spent > mostMilliseconds; again++) {
    const start = performance.now();
    await readEvidence(countingSource(bytes, 4096, false));
    spent = Math.min(spent, performance.now() - start);
  }
  const wrong =
    spent > mostMilliseconds
      ? `took ${spent.toFixed(0)} ms`
      : source.reads > defaultBudgets.reads || source.served > defaultBudgets.bytes
        ? `read ${source.served} bytes in ${source.reads} reads`
        : (nonsense(evidence) ?? null);
  return { evidence, wrong };
}

/** Finds facts that no file can have. */
function nonsense(evidence: Evidence): string | null {
  const numbers = [
    ...evidence.durations.map((reading) => reading.value),
    ...evidence.frameRates.map((reading) => reading.value),
    ...evidence.sizes.flatMap((size) => [size.width, size.height, size.aspect ?? 1]),
    ...evidence.damage.flatMap((damage) => [damage.at ?? 0, damage.missing ?? 0]),
  ];
  const bad = numbers.find((number) => !Number.isFinite(number) || number < 0);
  if (bad !== undefined) return `a fact of ${bad}: ${asText(evidence)}`;
  // Only these explain why bytes have no format.
  const unexplained = evidence.damage.some(({ code }) => code !== "empty" && code !== "all-zero");
  if (evidence.format === null && unexplained) {
    return `damage to nothing known: ${asText(evidence)}`;
  }
  return null;
}

const minReadSizes: readonly (readonly [number, boolean])[] = [
  [1, false],
  [7, false],
  [1 << 20, false],
  [16_384, true],
  [13, true],
];

/** Whether the evidence depends on how the bytes are served; null if it does not. */
export async function checkGrains(bytes: Uint8Array, evidence: Evidence): Promise<string | null> {
  if (isOverBudget(evidence)) return null;
  const budgets = { reads: Number.POSITIVE_INFINITY, bytes: Number.POSITIVE_INFINITY, milliseconds: 60_000 };
  for (const [minReadSize, isAsync] of minReadSizes) {
    const other = await readEvidence(countingSource(bytes, minReadSize, isAsync), { budgets });
    if (asText(other) !== asText(evidence)) {
      return `with ${isAsync ? "async " : ""}minReadSize ${minReadSize}: ${asText(other)}\n  instead of ${asText(evidence)}`;
    }
  }
  return null;
}
