import { chmod, readdir, readFile, readlink, stat, symlink, writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { replaceFile } from "../../../src/ledger/file/replace-file.node.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

const folder = temporaryFolder();
const path = (): string => folder.join("ledger.json");

const modeOf = async (file: string): Promise<string> => ((await stat(file)).mode & 0o777).toString(8);

describe("replaceFile", () => {
  it.each([0o600, 0o644, 0o664, 0o666, 0o755])(
    "preserves the file's mode, whatever the umask: %i",
    async (mode) => {
      await writeFile(path(), "old");
      await chmod(path(), mode);
      await replaceFile(path(), ["new"]);
      expect([await readFile(path(), "utf8"), await modeOf(path())]).toEqual(["new", mode.toString(8)]);
    },
  );

  it("creates a missing file with the default mode", async () => {
    await replaceFile(path(), ["a", "", "b"]);
    expect([await readFile(path(), "utf8"), await modeOf(path())]).toEqual([
      "ab",
      (0o644 & ~process.umask()).toString(8),
    ]);
  });

  it("writes an empty file", async () => {
    await writeFile(path(), "old");
    await replaceFile(path(), []);
    expect(await readFile(path(), "utf8")).toBe("");
  });

  it("writes all parts in order, however large", async () => {
    const parts = Array.from({ length: 40 }, (_, i) => String.fromCharCode(65 + i).repeat(100_001));
    await replaceFile(path(), parts);
    expect((await readFile(path(), "utf8")) === parts.join("")).toBe(true);
  });

  it("is never written through a symbolic link, whether that dangles or not", async () => {
    const target = folder.join("real.json");
    await symlink("real.json", path());
    const refused = { code: "unreadable", message: expect.stringContaining("symbolic link") };
    await expect(replaceFile(path(), ["new"])).rejects.toMatchObject(refused);
    expect((await readdir(folder.path)).sort()).toEqual(["ledger.json"]);
    await writeFile(target, "old");
    await expect(replaceFile(path(), ["new"])).rejects.toMatchObject(refused);
    expect([await readlink(path()), await readFile(target, "utf8")]).toEqual(["real.json", "old"]);
  });

  it("leaves the old file and no temporary one if writing fails", async () => {
    await writeFile(path(), "old");
    const broken = function* (): Generator<string> {
      yield "x".repeat(2_000_000);
      throw new Error("no more");
    };
    await expect(replaceFile(path(), broken())).rejects.toThrow("no more");
    expect([await readFile(path(), "utf8"), await readdir(folder.path)]).toEqual(["old", ["ledger.json"]]);
    if (process.platform !== "linux") return;
    const links = (await readdir("/proc/self/fd")).map((link) =>
      readlink(`/proc/self/fd/${link}`).catch(() => ""),
    );
    expect((await Promise.all(links)).filter((place) => place.startsWith(folder.path))).toEqual([]);
  });

  it("rejects with the cause if the folder is missing", async () => {
    await expect(replaceFile(folder.join("none/ledger.json"), ["x"])).rejects.toMatchObject({
      code: "ENOENT",
      syscall: "open",
    });
  });

  it("refuses a folder and leaves no file next to it", async () => {
    await expect(replaceFile(folder.path, ["x"])).rejects.toMatchObject({
      code: "unreadable",
      message: expect.stringContaining("not a regular file"),
    });
    const left = await readdir(folder.join(".."));
    expect(left.filter((name) => name.startsWith(`${folder.path.split("/").at(-1)}.`))).toEqual([]);
  });
});
