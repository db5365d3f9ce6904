import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Entry, EntryKey, Progressed } from "../../src/pipeline/ledger/entry.ts";
import { fileLedger } from "../../src/pipeline/ledger/file.node.ts";
import { ClaimLost } from "../../src/pipeline/ledger/ledger.ts";
import { lock } from "../../src/pipeline/ledger/lock.node.ts";
import { memoryLedger } from "../../src/pipeline/ledger/memory.ts";
import { newOwner } from "../../src/pipeline/ledger/owner.node.ts";
import { temporaryName } from "../../src/pipeline/ledger/replace.node.ts";

const at = "2026-11-22T10:00:00.000Z";
const now = (): string => new Date().toISOString();
const sha = (n: number): string => n.toString(16).padStart(64, "0");
const key = (n: number, more: Partial<EntryKey> = {}): EntryKey =>
  ({
    sha256: sha(n),
    type: "image",
    origin: "https://console.test",
    account: "default",
    ...more,
  }) as EntryKey;
const checked: Progressed = { step: "checked", at };
const active: Progressed = { step: "active", at, id: "7", uri: "asset://asset-7" };

let directory: string;
let path: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "ledger-"));
  path = join(directory, "media-preflight.lock.json");
});
afterEach(() => rm(directory, { recursive: true, force: true }));

async function put(ledger: ReturnType<typeof fileLedger>, n: number, step: Progressed): Promise<void> {
  const claim = await ledger.claim(key(n), `f${n}.png`);
  await claim.record(step);
  await claim.release();
}

describe("the ledger file", () => {
  it("keeps what was recorded, sorted, one field a line, and reads it again", async () => {
    const ledger = fileLedger(path);
    await put(ledger, 2, active);
    await put(ledger, 1, active);
    const text = await readFile(path, "utf8");
    expect(text.indexOf(sha(1))).toBeLessThan(text.indexOf(sha(2)));
    expect(text).toContain('\n      "step": "active",\n');
    expect(text.endsWith("]\n}\n")).toBe(true);
    const again = fileLedger(path);
    expect((await again.entries()).map((e) => e.file)).toEqual(["f1.png", "f2.png"]);
  });

  it("changes no other line of the file when one entry moves on", async () => {
    const ledger = fileLedger(path);
    for (const n of [1, 2, 3]) await put(ledger, n, { ...checked });
    const before = (await readFile(path, "utf8")).split("\n");
    await put(ledger, 2, { ...checked, step: "registered", id: "9" });
    const after = (await readFile(path, "utf8")).split("\n");
    const first = before.findIndex((line, i) => line !== after[i]);
    expect(before.slice(0, first)).toEqual(after.slice(0, first));
    expect(after.length - before.length).toBe(1);
  });

  it("gathers steps that come together into a few rewrites", async () => {
    const ledger = fileLedger(path);
    await Promise.all(Array.from({ length: 1000 }, (_, n) => put(ledger, n, active)));
    expect((await ledger.entries()).length).toBe(1000);
    expect(ledger.rewrites).toBeLessThan(20);
  });

  it("has a step on disk when record resolves", async () => {
    const ledger = fileLedger(path);
    const claim = await ledger.claim(key(1), "a.png");
    await claim.record({ ...checked, step: "registering", url: "https://x.test/a", sentAt: at });
    expect(JSON.parse(await readFile(path, "utf8")).entries[0].step).toBe("registering");
    await claim.release();
  });

  it("writes nothing when nothing is recorded", async () => {
    const ledger = fileLedger(path);
    const claim = await ledger.claim(key(1), "a.png");
    await claim.release();
    await ledger.close();
    expect(await readdir(directory)).toEqual([]);
  });

  it("leaves no lock and no temporary file behind", async () => {
    const ledger = fileLedger(path);
    await Promise.all([1, 2, 3].map((n) => put(ledger, n, active)));
    expect(await readdir(directory)).toEqual(["media-preflight.lock.json"]);
  });

  it("keeps keys of other services, accounts and types apart", async () => {
    const ledger = fileLedger(path);
    await put(ledger, 1, active);
    for (const other of [{ origin: "http://127.0.0.1:9" }, { account: "work" }, { type: "video" as const }]) {
      const claim = await ledger.claim(key(1, other), null);
      expect(claim.entry).toBeNull();
      await claim.release();
    }
  });

  it("follows a symbolic link and keeps it one", async () => {
    const target = join(directory, "real.json");
    await writeFile(target, '{"schemaVersion":1,"entries":[]}');
    await symlink(target, path);
    await put(fileLedger(path), 1, active);
    expect(JSON.parse(await readFile(target, "utf8")).entries).toHaveLength(1);
  });
});

describe("what a killed process leaves beside the ledger", () => {
  it("is swept away at once where it is known to be dead, and left alone where it may live", async () => {
    const dead = temporaryName(path).replace(`.${process.pid}.`, ".4194303.");
    const [mine, elsewhere] = [temporaryName(path), dead.replace(/\.[0-9a-f]{6}-/, ".ffffff-")];
    for (const name of [dead, mine, elsewhere, `${path}.notes`]) await writeFile(name, "");
    await put(fileLedger(path), 1, active);
    const left = [path, mine, elsewhere, `${path}.notes`].map((name) => basename(name)).sort();
    expect((await readdir(directory)).sort()).toEqual(left);
    await utimes(elsewhere, 0, 0);
    await fileLedger(path).entries();
    expect(await readdir(directory)).not.toContain(basename(elsewhere));
  });
});

describe("a ledger that is not in order", () => {
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
      /entries\[1\].*twice/,
    ],
    ["a sum in place of the file", "17", /the whole/],
    [
      "a step that is none",
      JSON.stringify({ schemaVersion: 1, entries: [entry, { ...entry, sha256: sha(2), step: "done" }] }),
      /entries\[1\]\.step/,
    ],
  ];
  it.each(broken)("%s is ledger-invalid, and not overwritten", async (_, text, message) => {
    await writeFile(path, text);
    const ledger = fileLedger(path);
    await expect(ledger.entries()).rejects.toMatchObject({
      code: "ledger-invalid",
      message: expect.stringMatching(message),
    });
    await expect(ledger.claim(key(1), null)).rejects.toMatchObject({ code: "ledger-invalid" });
    expect(await readFile(path, "utf8")).toBe(text);
  });

  it("that broke while it was in use is not overwritten either", async () => {
    const ledger = fileLedger(path);
    const claim = await ledger.claim(key(1), null);
    await writeFile(path, "garbage");
    await expect(claim.record(checked)).rejects.toMatchObject({ code: "ledger-invalid" });
    expect(await readFile(path, "utf8")).toBe("garbage");
  });

  it("is never written by this tool: what could not be read again is refused", async () => {
    const ledger = fileLedger(path);
    const claim = await ledger.claim(key(1), null);
    await expect(claim.record({ ...active, id: "a b" })).rejects.toMatchObject({ code: "protocol" });
    await claim.release().catch(() => {});
  });
});

describe("claims", () => {
  it("let one file at a time through within a process", async () => {
    const ledger = memoryLedger();
    const first = await ledger.claim(key(1), null);
    let second: Entry | null | undefined;
    const waiting = ledger.claim(key(1), null).then((claim) => {
      second = claim.entry;
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(second).toBeUndefined();
    await first.record(active);
    await first.release();
    await waiting;
    expect(second?.step).toBe("active");
  });

  it("end with the caller's signal while waiting", async () => {
    const ledger = memoryLedger();
    await ledger.claim(key(1), null);
    const stop = new AbortController();
    const waiting = ledger.claim(key(1), null, { signal: stop.signal });
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ code: "aborted" });
  });

  it("of a living process are waited for, with a word; two that looked at once do not both get it", async () => {
    const [a, b] = [fileLedger(path), fileLedger(path)];
    const [first, second] = [await a.claim(key(1), null), await b.claim(key(1), null)];
    await first.record(checked);
    await expect(second.record(checked)).rejects.toBeInstanceOf(ClaimLost);
    await second.release();
    const words: string[] = [];
    const third = b.claim(key(1), null, { onWait: (word) => words.push(word) });
    await expect.poll(() => words.length).toBe(1);
    await first.record(active);
    await first.release();
    expect((await third).entry?.step).toBe("active");
    expect(words).toEqual([expect.stringContaining(`process ${process.pid}`)]);
  });

  it("of a living process end in ledger-locked at the deadline", async () => {
    const [a, b] = [fileLedger(path), fileLedger(path)];
    await (await a.claim(key(1), null)).record({ ...checked, at: now() });
    await expect(b.claim(key(1), null, { deadline: 50 })).rejects.toMatchObject({ code: "ledger-locked" });
  });

  it("of another host are free once old, and not before", async () => {
    const owner = { pid: 1, host: "elsewhere", started: null, nonce: "x" };
    const entry = { ...key(1), file: null, ...checked, owner };
    await writeFile(path, JSON.stringify({ schemaVersion: 1, entries: [{ ...entry, at: now() }] }));
    await expect(fileLedger(path).claim(key(1), null, { deadline: 10 })).rejects.toMatchObject({
      code: "ledger-locked",
    });
    await writeFile(path, JSON.stringify({ schemaVersion: 1, entries: [entry] }));
    const claim = await fileLedger(path).claim(key(1), null, { deadline: 10 });
    await claim.record(active);
    expect(claim.entry?.step).toBe("active");
  });

  it("of an owner that was closed are free at once", async () => {
    const a = fileLedger(path);
    await (await a.claim(key(1), null)).record({ ...checked, at: now() });
    await a.close();
    const claim = await fileLedger(path).claim(key(1), null, { deadline: 0 });
    expect(claim.entry?.step).toBe("checked");
  });
});

/** Runs `script` in a process of its own that prints "ready" and then waits to be killed. */
async function killedAfter(script: string): Promise<number> {
  const root = fileURLToPath(new URL("../../src/pipeline/ledger/", import.meta.url));
  const child = spawn(process.execPath, [
    "--input-type=module",
    "-e",
    script.replaceAll("SRC/", `file://${root}`),
  ]);
  let errors = "";
  child.stderr.on("data", (data) => {
    errors += data;
  });
  await new Promise<void>((resolve, reject) => {
    child.stdout.once("data", () => resolve());
    child.once("exit", () => reject(new Error(errors)));
  });
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.removeAllListeners("exit");
  const exited = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await Promise.race([gone, exited]);
  return child.pid as number;
}

describe("locks", () => {
  const holds = (lockPath: string): string => `
    import { lock } from "SRC/lock.node.ts"; import { newOwner } from "SRC/owner.node.ts";
    await lock(${JSON.stringify(lockPath)}, { owner: newOwner() });
    console.log("ready"); setInterval(() => {}, 1000);`;

  it("of a killed process are free at once", async () => {
    await killedAfter(holds(`${path}.lock`));
    expect(await readdir(directory)).toEqual(["media-preflight.lock.json.lock"]);
    const start = performance.now();
    await put(fileLedger(path), 1, active);
    // One that is not known to be dead is waited for two minutes.
    expect(performance.now() - start).toBeLessThan(20_000);
  });

  it("of a dead process whose id another one has by now are free too", async () => {
    const stranger = { ...newOwner(), pid: process.ppid, started: "0:1", nonce: "0-gone" };
    await writeFile(`${path}.lock`, JSON.stringify(stranger));
    const release = await lock(`${path}.lock`, { owner: newOwner(), deadline: 200 });
    await release();
  });

  it("of the living are waited for, with a word, up to the deadline", async () => {
    const release = await lock(`${path}.lock`, { owner: newOwner() });
    const words: string[] = [];
    const waiting = lock(`${path}.lock`, {
      owner: newOwner(),
      deadline: 1300,
      onWait: (word) => words.push(word),
    });
    await expect(waiting).rejects.toMatchObject({
      code: "ledger-locked",
      hint: expect.stringContaining("delete"),
    });
    expect(words).toHaveLength(1);
    await release();
  });

  it("that are empty, as a full disk leaves them, are free after two seconds", async () => {
    await writeFile(`${path}.lock`, "");
    await expect(lock(`${path}.lock`, { owner: newOwner(), deadline: 100 })).rejects.toMatchObject({
      code: "ledger-locked",
    });
    const old = new Date(Date.now() - 3000);
    await utimes(`${path}.lock`, old, old);
    await (await lock(`${path}.lock`, { owner: newOwner(), deadline: 100 }))();
  });

  it("are held by one at a time while eight fight over a dead one", async () => {
    let inside = 0;
    let most = 0;
    for (let round = 0; round < 10; round++) {
      await writeFile(
        `${path}.lock`,
        JSON.stringify({ pid: 2 ** 22 - 1, host: newOwner().host, started: "0:1", nonce: `${round}` }),
      );
      await Promise.all(
        Array.from({ length: 8 }, async () => {
          const release = await lock(`${path}.lock`, { owner: newOwner() });
          most = Math.max(most, ++inside);
          await new Promise((resolve) => setTimeout(resolve, 1));
          inside--;
          await release();
        }),
      );
    }
    expect(most).toBe(1);
    expect(await readdir(directory)).toEqual([]);
  });

  it("keep the writes of four processes apart: none is lost", async () => {
    const script = (first: number): string => `
      import { fileLedger } from "SRC/file.node.ts";
      const ledger = fileLedger(${JSON.stringify(path)});
      await Promise.all(Array.from({ length: 25 }, async (_, i) => {
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 200));
        const sha256 = (${first} + i).toString(16).padStart(64, "0");
        const claim = await ledger.claim({ sha256, type: "image", origin: "https://c.test", account: "default" }, null);
        await claim.record({ step: "active", at: "${at}", id: "1" });
        await claim.release();
      }));
      console.log("ready"); setInterval(() => {}, 1000);`;
    await Promise.all([0, 100, 200, 300].map((first) => killedAfter(script(first))));
    expect(await fileLedger(path).entries()).toHaveLength(100);
  });
});
