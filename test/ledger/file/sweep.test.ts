import { mkdir, readdir, utimes, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { fileLedger } from "../../../src/ledger/file/file-ledger.node.ts";
import { newOwner, retire } from "../../../src/ledger/file/owner.node.ts";
import { temporaryName } from "../../../src/ledger/file/replace-file.node.ts";
import { sweep } from "../../../src/ledger/file/sweep.node.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

const folder = temporaryFolder();
const path = (): string => folder.join("ledger.json");
afterEach(() => {
  vi.useRealTimers();
});

describe("a temporary file of a killed process", () => {
  const mine = (): string => temporaryName(path());
  const dead = (): string => mine().replace(`.${process.pid}.`, ".4194303.");
  const elsewhere = (name: string): string => name.replace(/\.[0-9a-f]{6}-/, ".ffffff-");
  const hex = "0123456789abcdef";

  it("is named after the file, the process and the machine", () => {
    expect(mine()).toMatch(new RegExp(`ledger\\.json\\.${process.pid}\\.[0-9a-f]{6}-[0-9a-f]{8}\\.tmp$`));
    expect(mine()).not.toBe(mine());
  });

  it("is removed at once if its process is known to be dead", async () => {
    const gone = dead();
    const left = [mine(), elsewhere(dead()), `${path()}.lock.${hex}`, path()];
    for (const name of [gone, ...left]) await writeFile(name, "");
    await sweep(path());
    expect((await readdir(folder.path)).map((name) => folder.join(name)).sort()).toEqual(left.sort());
  });

  it("is removed after a day, whatever process created it", async () => {
    const old = [mine(), elsewhere(dead()), `${path()}.lock.${hex}`, `${path()}.lock.${hex}.${hex}`];
    const kept = [
      path(),
      `${path()}.lock`,
      `${path()}.lock.${hex}x`,
      `${path()}.lock.0123`,
      `${path()}.lock.${hex}.tmp`,
      `${path()}.bak`,
      `${path()}.x.lock`,
      temporaryName(`${path()}x`),
      `${path()}.12.ffffff-01234567.tmpx`,
      `${path()}.12.ffffff-0123456.tmp`,
      `${path()}.12.fffff-01234567.tmp`,
      `${path()}.1a.ffffff-01234567.tmp`,
      temporaryName(folder.join("other.json")),
    ];
    for (const name of [...old, ...kept]) await writeFile(name, "");
    await sweep(path());
    expect(await readdir(folder.path)).toHaveLength(old.length + kept.length);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
    const day = 24 * 3600 * 1000;
    const [younger, older] = [new Date(Date.now() - day), new Date(Date.now() - day - 1)];
    for (const name of [...old, ...kept]) await utimes(name, younger, younger);
    await sweep(path());
    expect(await readdir(folder.path)).toHaveLength(old.length + kept.length);
    for (const name of [...old, ...kept]) await utimes(name, older, older);
    await sweep(path());
    expect((await readdir(folder.path)).map((name) => folder.join(name)).sort()).toEqual(kept.sort());
  });

  it("is not searched for in a missing folder", async () => {
    await expect(sweep(folder.join("none", "ledger.json"))).resolves.toBeUndefined();
  });

  it("stays where it cannot be removed, and stops no reader", async () => {
    const left = mine().replace(`.${process.pid}.`, ".4194303.");
    await mkdir(left);
    await expect(sweep(path())).resolves.toBeUndefined();
    expect(await readdir(folder.path)).toHaveLength(1);
  });
});

describe("a lock beside the ledger", () => {
  const lockPath = (): string => `${path()}.lock`;

  it("of a dead process is removed by a run that only reads", async () => {
    const gone = newOwner();
    retire(gone);
    await writeFile(lockPath(), JSON.stringify({ ...gone, taken: "1" }));
    for await (const _ of fileLedger(path()).entries());
    expect(await readdir(folder.path)).toEqual([]);
  });

  it.each([
    ["a living process", () => newOwner()],
    ["another host", () => ({ ...newOwner(), host: "elsewhere" })],
    ["an unknown process", () => ({})],
  ])("of %s stays", async (_, owner) => {
    await writeFile(lockPath(), JSON.stringify({ ...owner(), taken: "1" }));
    await sweep(path());
    expect(await readdir(folder.path)).toEqual([basename(lockPath())]);
  });
});
