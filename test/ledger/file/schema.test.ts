import { describe, expect, it } from "vitest";
import { keyText, type LedgerEntry, originAndPath } from "../../../src/ledger/entry.ts";
import { type FileRecord, recordText } from "../../../src/ledger/file/record.ts";
import { faultOf, parseLedger } from "../../../src/ledger/file/schema.ts";

/* What an entry may hold. A ledger is committed and merged by hand: what is in it is input like any other. */

const hash = "0123456789abcdef".repeat(4);
const at = "2026-11-22T10:00:00Z";
const shared = { type: "image", origin: "https://console.test", account: "default", file: "a.png", at };
const entry = { sha256: hash, ...shared, step: "active", id: "7" };
const ofUrl = {
  sourceUrl: "https://x.test/a.png",
  querySha256: null,
  etag: '"1"',
  bytes: 9,
  ...shared,
  step: "active",
  id: "7",
};
const all = {
  ...entry,
  url: "https://x.test/a.png",
  urlSha256: hash,
  uploadedAt: at,
  assetName: "a",
  namedBy: "tool",
  sentAt: at,
  missedAt: at,
  formerIds: ["5", "6"],
  atlasAssetId: "atlas-asset-7",
  arkAssetId: "ark-7",
  uri: "asset://atlas-asset-7",
  errorCode: "FpsTooLow",
  owner: { pid: 0, host: "h", started: null, nonce: "n", claim: "c", lease: 60_000, renewals: 3 },
  proof: hash,
  checkedAt: at,
  rules: "atlas-seedance-2.0",
  rulesVersion: "2026-11-22",
};
const read = (...entries: unknown[]): FileRecord[] =>
  parseLedger(JSON.stringify({ schemaVersion: 1, entries }), "x.json");
const long = (length: number): string => "x".repeat(length);

describe("an entry of the ledger file", () => {
  it.each([
    ["with all that it may hold", all],
    ["of an address", ofUrl],
    ["of an address with a query", { ...ofUrl, querySha256: hash }],
    ["of an address of which nothing is known", { ...ofUrl, etag: null, bytes: null }],
    ["of an empty file behind an address", { ...ofUrl, bytes: 0, etag: long(1024) }],
    ["at an address without a path", { ...all, url: "http://x.test" }],
    ["at a port", { ...all, url: "http://127.0.0.1:9/a" }],
    ["with a time to the millisecond", { ...all, at: "2026-11-22T10:00:00.123Z" }],
    ["of a nameless file", { ...all, file: null }],
    [
      "as long as may be",
      {
        ...all,
        origin: long(2048),
        account: long(256),
        file: long(4096),
        assetName: long(1024),
        rules: long(256),
        rulesVersion: long(64),
        id: long(256),
        formerIds: Array(64).fill("1"),
        uri: `asset://${long(1016)}`,
        errorCode: long(256),
        url: `https://${long(8184)}`,
        owner: { ...all.owner, host: long(512), started: long(256), nonce: long(256), claim: long(256) },
      },
    ],
    ["that was checked", { ...entry, step: "checked", id: undefined }],
    ["that is uploaded", { ...entry, step: "uploaded", url: "https://x.test/a", id: undefined }],
    [
      "whose registration is under way",
      { ...entry, step: "registering", url: "https://x.test/a", sentAt: at, id: undefined },
    ],
    ["that failed, and has no record", { ...entry, step: "failed", id: undefined }],
  ])("%s is read, and written so that it can be read again", (_, given) => {
    const [found] = read(given);
    expect(faultOf(found as FileRecord)).toBeNull();
    expect(JSON.parse(recordText(found as FileRecord))).toEqual(JSON.parse(JSON.stringify(given)));
  });

  it.each([
    ["sha256", `${hash}0`],
    ["sha256", `x${hash}`.slice(0, 64)],
    ["sha256", hash.toUpperCase()],
    ["type", "film"],
    ["origin", ""],
    ["origin", long(2049)],
    ["account", long(257)],
    ["file", 7],
    ["file", long(4097)],
    ["step", "done"],
    ["at", "2026-11-22T10:00:00"],
    ["at", "2026-11-22T10:00:00+01:00"],
    ["at", "x2026-11-22T10:00:00Z"],
    ["at", "2026-11-22T10:00:00Zx"],
    ["at", "2026-11-22T10:00:00.Z"],
    ["at", "22.11.2026"],
    ["url", "ftp://x.test/a"],
    ["url", "x https://x.test/a"],
    ["url", "https://x.test/a#f"],
    ["url", "https://x.test/a b"],
    ["url", "https://u:p@x.test/a"],
    ["url", "https://x.test?sig=1"],
    ["url", "https:///a"],
    ["url", `https://${long(8185)}`],
    ["urlSha256", "0"],
    ["uploadedAt", "yesterday"],
    ["assetName", long(1025)],
    ["checkedAt", "today"],
    ["rules", long(257)],
    ["rulesVersion", 7],
    ["proof", "0"],
    ["namedBy", "nobody"],
    ["sentAt", ""],
    ["missedAt", "0"],
    ["id", ""],
    ["id", "a b"],
    ["id", "a?b"],
    ["id", "a#b"],
    ["id", "a\\b"],
    ["id", long(257)],
    ["formerIds", Array(65).fill("1")],
    ["atlasAssetId", "a/b"],
    ["arkAssetId", "a/b"],
    ["uri", "https://x.test"],
    ["uri", "asset://"],
    ["uri", "xasset://1"],
    ["uri", "asset://a b"],
    ["uri", `asset://${long(1017)}`],
    ["errorCode", long(257)],
  ])("with the %s %j is refused, and the error names its position", (field, value) => {
    expect(() => read(entry, { ...all, sha256: "f".repeat(64), [field]: value })).toThrow(
      expect.objectContaining({
        code: "ledger-invalid",
        message: expect.stringMatching(new RegExp(`^x\\.json: entries\\[1\\]\\.${field}: .`)),
        hint: expect.stringMatching(/^nothing was overwritten/),
      }),
    );
  });

  it.each([
    ["formerIds.1", { formerIds: ["1", "../2"] }],
    ["owner.pid", { owner: { ...all.owner, pid: -1 } }],
    ["owner.pid", { owner: { ...all.owner, pid: 1.5 } }],
    ["owner.host", { owner: { ...all.owner, host: long(513) } }],
    ["owner.started", { owner: { ...all.owner, started: 7 } }],
    ["owner.started", { owner: { ...all.owner, started: long(257) } }],
    ["owner.nonce", { owner: { ...all.owner, nonce: long(257) } }],
    ["owner.claim", { owner: { ...all.owner, claim: 1 } }],
    ["owner.lease", { owner: { ...all.owner, lease: 3_600_001 } }],
    ["owner.renewals", { owner: { ...all.owner, renewals: -1 } }],
    ["owner.more", { owner: { ...all.owner, more: 1 } }],
    ["etag", { ...ofUrl, etag: long(1025) }],
    ["querySha256", { ...ofUrl, querySha256: "x" }],
    ["bytes", { ...ofUrl, bytes: -1 }],
    ["bytes", { ...ofUrl, bytes: 1.5 }],
    ["sourceUrl", { ...ofUrl, sourceUrl: "https://x.test/a?sig=1" }],
    ["sha256", { ...ofUrl, sha256: hash }],
  ])("is refused by %s", (place, more) => {
    const given = "sourceUrl" in more ? more : { ...all, ...more };
    expect(() => read(given)).toThrow(`entries[0].${place}: `);
  });

  it.each([
    ["active", "id", {}],
    ["registered", "id", {}],
    ["uploaded", "url", {}],
    ["registering", "url", { sentAt: at }],
    ["registering", "sentAt", { url: "https://x.test/a" }],
  ])("of step %s without %s is refused", (step, missing, more) => {
    const given = { ...entry, id: undefined, step, ...more };
    expect(() => read(given)).toThrow(`x.json: entries[0]: step "${step}" without "${missing}"`);
    expect(faultOf({ entry: given as unknown as LedgerEntry })).toBe(`step "${step}" without "${missing}"`);
  });

  it.each([null, 7, "x", []])("that is %j is refused", (given) => {
    expect(() => read(given)).toThrow(/^x\.json: entries\[0\]/);
  });
});

describe("the ledger file's header", () => {
  it.each([
    ["17", "x.json: the file: "],
    ["null", "x.json: the file: "],
    ['{"entries":[]}', "x.json: schemaVersion: "],
    ['{"schemaVersion":1,"entries":{}}', "x.json: entries: "],
    ['{"schemaVersion":2,"entries":[]}', "x.json: schemaVersion is 2, not 1"],
    ["{", "x.json: it is not JSON"],
    ["x <<<<<<< HEAD", "x.json: it is not JSON"],
    ["<<<<<<<<\n", "x.json: it is not JSON"],
    ["{\n<<<<<<< HEAD\n", "x.json: it has merge conflict markers"],
    ["{\n>>>>>>> theirs\n", "x.json: it has merge conflict markers"],
  ])("%j is refused", (text, message) => {
    expect(() => parseLedger(text, "x.json")).toThrow(
      expect.objectContaining({ code: "ledger-invalid", message: expect.stringContaining(message) }),
    );
  });

  it("may have fields that later versions add", () => {
    expect(parseLedger('{"schemaVersion":1,"madeBy":"x","entries":[]}', "x.json")).toEqual([]);
  });
});

describe("the key of an entry", () => {
  const text = (more: object): string => keyText({ ...entry, ...more } as unknown as LedgerEntry);
  const textOfUrl = (more: object): string => keyText({ ...ofUrl, ...more } as unknown as LedgerEntry);
  it("is the bytes, the type, the service and the account, and nothing else", () => {
    const other = [{ sha256: "f".repeat(64) }, { type: "video" }, { origin: "http://x" }, { account: "b" }];
    expect(new Set([{}, ...other].map(text)).size).toBe(5);
    expect(text({ file: "b.png", step: "failed", id: "8" })).toBe(text({}));
  });
  it("of a URL includes the ETag and size from its server", () => {
    const other = [{ sourceUrl: "https://x.test/b" }, { etag: '"2"' }, { etag: null }, { bytes: 8 }];
    const more = [{ bytes: null }, { querySha256: hash }];
    expect(new Set([{}, ...other, ...more].map(textOfUrl)).size).toBe(7);
    expect(textOfUrl({ etag: null, bytes: null })).not.toBe(text({}));
  });
});

describe("a URL in the ledger file", () => {
  it("has no query, fragment, user or password", () => {
    expect(originAndPath("https://u:p@x.test:8/a/b.png?sig=1#f")).toBe("https://x.test:8/a/b.png");
  });
});
