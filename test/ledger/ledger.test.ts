import { execFileSync } from "node:child_process";
import { lstat, mkdir, readdir, readFile, symlink, utimes, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { describe, expect, it } from "vitest";
import { fileLedger } from "../../src/ledger/file/file-ledger.node.ts";
import { temporaryName } from "../../src/ledger/file/replace-file.node.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { active, allEntries, at, checked, key, put, sha } from "./entries.ts";

const folder = temporaryFolder();
const path = (): string => folder.join("media-preflight.lock.json");

describe("the ledger file", () => {
  it("contains what was recorded, sorted, one field per line, and can be read again", async () => {
    const ledger = fileLedger(path());
    await put(ledger, 2, active);
    await put(ledger, 1, active);
    const text = await readFile(path(), "utf8");
    expect(text.indexOf(sha(1))).toBeLessThan(text.indexOf(sha(2)));
    expect(text).toContain('\n      "step": "active",\n');
    // Not one line of it is other than what any tool makes of JSON.
    expect(text).toBe(`${JSON.stringify(JSON.parse(text), null, 2)}\n`);
    const again = fileLedger(path());
    expect((await allEntries(again)).map((e) => e.file)).toEqual(["f1.png", "f2.png"]);
  });

  it("changes no other line when one entry is updated", async () => {
    const ledger = fileLedger(path());
    for (const n of [1, 2, 3]) await put(ledger, n, { ...checked });
    const before = (await readFile(path(), "utf8")).split("\n");
    await put(ledger, 2, { ...checked, step: "registered", id: "9" });
    const after = (await readFile(path(), "utf8")).split("\n");
    const first = before.findIndex((line, i) => line !== after[i]);
    expect(before.slice(0, first)).toEqual(after.slice(0, first));
    expect(after.length - before.length).toBe(1);
  });

  it("combines simultaneous steps into a few rewrites", async () => {
    const ledger = fileLedger(path());
    await Promise.all(Array.from({ length: 1000 }, (_, n) => put(ledger, n, active)));
    expect((await allEntries(ledger)).length).toBe(1000);
    expect(ledger.rewrites).toBeLessThan(20);
  });

  it("contains a step when record resolves", async () => {
    const ledger = fileLedger(path());
    const claim = await ledger.claim(key(1), "a.png");
    await claim.record({ ...checked, step: "registering", url: "https://x.test/a", sentAt: at });
    expect(JSON.parse(await readFile(path(), "utf8")).entries[0].step).toBe("registering");
    await claim.release();
  });

  it("is not written if nothing is recorded", async () => {
    const ledger = fileLedger(path());
    const claim = await ledger.claim(key(1), "a.png");
    await claim.release();
    await ledger.close();
    expect(await readdir(folder.path)).toEqual([]);
  });

  it("leaves no lock and no temporary file behind", async () => {
    const ledger = fileLedger(path());
    await Promise.all([1, 2, 3].map((n) => put(ledger, n, active)));
    expect(await readdir(folder.path)).toEqual(["media-preflight.lock.json"]);
  });

  it("separates keys of other services, accounts and types", async () => {
    const ledger = fileLedger(path());
    await put(ledger, 1, active);
    for (const other of [{ origin: "http://127.0.0.1:9" }, { account: "work" }, { type: "video" as const }]) {
      const claim = await ledger.claim(key(1, other), null);
      expect(claim.entry).toBeNull();
      await claim.release();
    }
  });

  it("is not read or written through a symbolic link", async () => {
    const target = folder.join("real.json");
    const text = '{"schemaVersion":1,"entries":[]}';
    await writeFile(target, text);
    await symlink(target, path());
    await expect(put(fileLedger(path()), 1, active)).rejects.toMatchObject({
      code: "ledger-invalid",
      message: expect.stringContaining("is a symbolic link"),
    });
    expect([await readFile(target, "utf8"), (await lstat(path())).isSymbolicLink()]).toEqual([text, true]);
  });

  it.each([
    ["a link to a device that never ends", async () => symlink("/dev/zero", path()), /symbolic link/],
    ["a dangling link", async () => symlink(folder.join("nowhere"), path()), /symbolic link/],
    ["a FIFO", async () => void execFileSync("mkfifo", [path()]), /FIFO/],
    ["a folder", async () => void (await mkdir(path())), /a folder/],
  ])("is refused at once if it is %s", async (_, make, what) => {
    await make();
    const ledger = fileLedger(path());
    for (const use of [() => allEntries(ledger), () => put(ledger, 1, active)])
      await expect(use()).rejects.toMatchObject({
        code: "ledger-invalid",
        message: expect.stringMatching(what),
      });
  });
});

describe("temporary files of a killed process next to the ledger", () => {
  it("are removed at once if the process is dead, and stay if it may be alive", async () => {
    const dead = temporaryName(path()).replace(`.${process.pid}.`, ".4194303.");
    const [mine, elsewhere] = [temporaryName(path()), dead.replace(/\.[0-9a-f]{6}-/, ".ffffff-")];
    for (const name of [dead, mine, elsewhere, `${path()}.notes`]) await writeFile(name, "");
    await put(fileLedger(path()), 1, active);
    const left = [path(), mine, elsewhere, `${path()}.notes`].map((name) => basename(name)).sort();
    expect((await readdir(folder.path)).sort()).toEqual(left);
    await utimes(elsewhere, 0, 0);
    await allEntries(fileLedger(path()));
    expect(await readdir(folder.path)).not.toContain(basename(elsewhere));
  });
});

describe("an invalid ledger", () => {
  const entry = { ...key(1), file: "a.png", ...active };
  const broken: [string, string, RegExp][] = [
    ["no JSON", "{", /not JSON/],
    ["a merge conflict", "<<<<<<< HEAD\n{}\n", /merge conflict/],
    ["another version", '{"schemaVersion":2,"entries":[]}', /schemaVersion is 2/],
    ["no entries", '{"schemaVersion":1}', /entries/],
    [
      "a hash that is none",
      JSON.stringify({ schemaVersion: 1, entries: [{ ...entry, sha256: "x" }] }),
      /entries\[0\]\.sha256/,
    ],
    [
      "an unknown field",
      JSON.stringify({ schemaVersion: 1, entries: [{ ...entry, apiKey: "k" }] }),
      /entries\[0\]\.apiKey/,
    ],
    [
      "a query in a URL",
      JSON.stringify({ schemaVersion: 1, entries: [{ ...entry, url: "https://x.test/a?sig=1" }] }),
      /entries\[0\]\.url/,
    ],
    [
      "an id that climbs",
      JSON.stringify({ schemaVersion: 1, entries: [{ ...entry, id: "../7" }] }),
      /entries\[0\]\.id/,
    ],
    [
      "an active entry without id",
      JSON.stringify({ schemaVersion: 1, entries: [{ ...entry, id: undefined }] }),
      /entries\[0\].*"id"/,
    ],
    [
      "the same entry twice",
      JSON.stringify({ schemaVersion: 1, entries: [entry, entry] }),
      /entries\[1\]: a second entry/,
    ],
    ["a sum in place of the file", "17", /the file: /],
    [
      "a step that is none",
      JSON.stringify({ schemaVersion: 1, entries: [entry, { ...entry, sha256: sha(2), step: "done" }] }),
      /entries\[1\]\.step/,
    ],
  ];
  it.each(broken)("%s is ledger-invalid, and not overwritten", async (_, text, message) => {
    await writeFile(path(), text);
    const ledger = fileLedger(path());
    await expect(allEntries(ledger)).rejects.toMatchObject({
      code: "ledger-invalid",
      message: expect.stringMatching(message),
    });
    await expect(ledger.claim(key(1), null)).rejects.toMatchObject({ code: "ledger-invalid" });
    expect(await readFile(path(), "utf8")).toBe(text);
  });

  it("damaged while in use is not overwritten either", async () => {
    const ledger = fileLedger(path());
    const claim = await ledger.claim(key(1), null);
    await writeFile(path(), "garbage");
    await expect(claim.record(checked)).rejects.toMatchObject({ code: "ledger-invalid" });
    expect(await readFile(path(), "utf8")).toBe("garbage");
  });

  it("is never written: an entry that could not be read again is refused", async () => {
    const ledger = fileLedger(path());
    const claim = await ledger.claim(key(1), null);
    await expect(claim.record({ ...active, id: "a b" })).rejects.toMatchObject({ code: "protocol" });
    await claim.release().catch(() => {});
  });
});
