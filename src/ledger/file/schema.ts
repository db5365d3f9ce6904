import * as v from "valibot";
import { MediaPreflightError } from "../../errors.ts";
import { type LedgerEntry, ledgerVersion } from "../entry.ts";
import { type FileRecord, recordText } from "./record.ts";

/** A committed ledger is untrusted input; these bounds are far above what this tool writes. */
const text = (max: number) => v.pipe(v.string(), v.maxLength(max));
const hash = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, "not a SHA-256 in hexadecimal"));
const time = v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/, "not a time in UTC"));
const address = v.pipe(
  v.string(),
  v.maxLength(8192),
  v.regex(/^https?:\/\/[^/\s?#@]+(?:\/[^\s?#]*)?$/, "not an http(s) URL without query"),
);
const id = v.pipe(v.string(), v.regex(/^[^\s/?#\\]{1,256}$/, "not an id"));
const origin = v.pipe(text(2048), v.minLength(1));

const fields = {
  type: v.picklist(["image", "video", "audio"]),
  origin,
  account: text(256),
  file: v.nullable(text(4096)),
  step: v.picklist(["checked", "uploaded", "registering", "registered", "active", "failed"]),
  at: time,
  checkedAt: v.optional(time),
  rules: v.optional(text(256)),
  rulesVersion: v.optional(text(64)),
  url: v.optional(address),
  storageKey: v.optional(v.pipe(text(1024), v.regex(/^[^\p{Cc}\p{Cs}]+$/u, "not a key"))),
  urlSha256: v.optional(hash),
  uploadedAt: v.optional(time),
  assetName: v.optional(text(1024)),
  namedBy: v.optional(v.picklist(["tool", "user"])),
  sentAt: v.optional(time),
  missedAt: v.optional(time),
  id: v.optional(id),
  formerIds: v.optional(v.pipe(v.array(id), v.maxLength(64))),
  atlasAssetId: v.optional(id),
  arkAssetId: v.optional(id),
  uri: v.optional(v.pipe(text(1024), v.regex(/^asset:\/\/\S+$/, "not an asset:// address"))),
  errorCode: v.optional(text(256)),
  owner: v.optional(
    v.strictObject({
      pid: v.pipe(v.number(), v.integer(), v.minValue(0)),
      host: text(512),
      started: v.nullable(text(256)),
      nonce: text(256),
      claim: text(256),
      lease: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(3_600_000)),
      renewals: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
    }),
  ),
  proof: v.optional(hash),
} as const;

const size = v.nullable(v.pipe(v.number(), v.safeInteger(), v.minValue(0)));

const byHash = v.strictObject({ sha256: hash, ...fields });
const byUrl = v.strictObject({
  sourceUrl: address,
  querySha256: v.nullable(hash),
  etag: v.nullable(text(1024)),
  bytes: size,
  ...fields,
});

/** A field that the entry's step requires and that is missing, or null. */
function missingField(entry: Pick<LedgerEntry, "step" | "url" | "id" | "sentAt">): string | null {
  const { step } = entry;
  if ((step === "registered" || step === "active") && entry.id === undefined) return "id";
  if ((step === "uploaded" || step === "registering") && entry.url === undefined) return "url";
  return step === "registering" && entry.sentAt === undefined ? "sentAt" : null;
}

/**
 * The records in a ledger's text.
 * @throws MediaPreflightError `ledger-invalid`, with the position of the error
 */
export function parseLedger(json: string, file: string): FileRecord[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch (cause) {
    const conflict = /^(<{7}|>{7}) /m.test(json);
    throw invalid(file, conflict ? "it has merge conflict markers" : "it is not JSON", cause);
  }
  const head = v.safeParse(
    v.looseObject({ schemaVersion: v.number(), entries: v.array(v.unknown()) }),
    parsed,
  );
  if (!head.success) throw invalid(file, withPlace(head.issues[0], ""));
  if (head.output.schemaVersion !== ledgerVersion) {
    throw invalid(file, `schemaVersion is ${head.output.schemaVersion}, not ${ledgerVersion}`);
  }
  return head.output.entries.map((candidate, i) => {
    const result = validate(candidate, `entries[${i}]`);
    if ("fault" in result) throw invalid(file, result.fault);
    return result.record;
  });
}

/** What would make a record unreadable, or null: nothing is written that could not be read again. */
export function faultOf(record: FileRecord): string | null {
  const result = validate(JSON.parse(recordText(record)), "");
  return "fault" in result ? result.fault : null;
}

function validate(candidate: unknown, place: string): { record: FileRecord } | { fault: string } {
  const isUrl = typeof candidate === "object" && candidate !== null && "sourceUrl" in candidate;
  const result = isUrl ? v.safeParse(byUrl, candidate) : v.safeParse(byHash, candidate);
  if (!result.success) return { fault: withPlace(result.issues[0], place) };
  const { owner, proof, ...entry } = result.output;
  const missing = missingField(entry);
  if (!missing) return { record: { entry, owner, proof } };
  const fault = `step "${entry.step}" without "${missing}"`;
  return { fault: place === "" ? fault : `${place}: ${fault}` };
}

function withPlace(issue: v.BaseIssue<unknown>, prefix: string): string {
  const path = v.getDotPath(issue);
  return `${[prefix, path].filter(Boolean).join(".") || "the file"}: ${issue.message}`;
}

function invalid(file: string, what: string, cause?: unknown): MediaPreflightError {
  return new MediaPreflightError("ledger-invalid", `${file}: ${what}`, {
    cause,
    hint: "nothing was overwritten: correct it, restore it from version control, or name another ledger",
  });
}
