import { andThen, type MaybePromise } from "../async/maybe-promise.ts";
import { type ByteSource, OutOfReach } from "../bytes/source.ts";
import { Budget, type Budgets, OverBudget } from "./budget.ts";
import { Cursor, EndOfData } from "./cursor.ts";
import { deriveFacts } from "./derive-facts.ts";
import { cutShort, damaged, type Evidence, newEvidence, unread } from "./evidence.ts";
import type { Format } from "./formats.ts";
import { dropImplausible } from "./implausible-values.ts";
import { type Parsers, type ReaderName, readers } from "./parsers.ts";
import { type FormatRow, readFormats } from "./read-formats.ts";
import { sniffReadFormats } from "./sniff/read-formats.ts";

/** What a format's bytes are made of, for the message that the file ends in the middle of one. */
const structures: Readonly<Partial<Record<Format, string>>> = {
  gif: "an image block",
  png: "a chunk",
  webp: "a chunk",
  jpeg: "a segment",
  tiff: "a directory",
  wav: "a chunk",
  mp3: "a frame",
  mp4: "a box",
  mov: "a box",
  heic: "a box",
};

export interface ReadOptions {
  budgets?: Partial<Budgets> | undefined;
  signal?: AbortSignal | null | undefined;
}

/**
 * Reads a source into evidence with our own parsers, without cross-checks. Never throws on damaged bytes.
 * @throws MediaPreflightError where the source cannot be read, a reader cannot be loaded, or the signal fires
 */
export async function readWith(
  platform: Parsers,
  source: ByteSource,
  options: ReadOptions = {},
): Promise<Evidence> {
  const evidence = newEvidence(source.size);
  const cursor = new Cursor(source, new Budget(options.budgets), options.signal ?? null);
  try {
    if (source.size === 0) damaged(evidence, "empty", "file", 0);
    else {
      evidence.format = (await sniffReadFormats(cursor)) ?? (await sniffOtherFormats(platform, cursor));
      if (evidence.format === null) await (await platform.others()).explainUnknown(cursor, evidence);
      else await readFormat(platform, cursor, evidence);
    }
  } catch (stop) {
    if (stop instanceof OverBudget) unread(evidence, "all", { code: "budget", which: stop.which });
    else if (stop instanceof OutOfReach) unread(evidence, "all", { code: "out-of-reach" });
    else if (stop instanceof EndOfData)
      cutShort(
        evidence,
        structures[evidence.format ?? "html"] ?? "a structure",
        stop.offset,
        stop.offset + stop.length - cursor.size,
      );
    else throw stop;
  }
  // Only now: a reader may have refined the format.
  const row =
    evidence.format && (rowOf(evidence.format) ?? (await platform.others()).formats[evidence.format]);
  if (row) ({ kind: evidence.kind, label: evidence.label, mime: evidence.mime } = row);
  dropImplausible(evidence);
  deriveFacts(evidence);
  return evidence;
}

async function sniffOtherFormats(platform: Parsers, cursor: Cursor): Promise<Format | null> {
  const { sniff } = await platform.others();
  // Loading it does not count as work on the file.
  cursor.budget.waited();
  return sniff(cursor);
}

function readFormat(platform: Parsers, cursor: Cursor, evidence: Evidence): MaybePromise<void> {
  const names: Readonly<Partial<Record<Format, ReaderName>>> = readers;
  const name = evidence.format && names[evidence.format];
  if (!name) return;
  return andThen(platform[name](), (read) => {
    cursor.budget.waited();
    return read(cursor, evidence);
  });
}

function rowOf(format: Format): FormatRow | undefined {
  const rows: Readonly<Partial<Record<Format, FormatRow>>> = readFormats;
  return rows[format];
}
