import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { MediaPreflightError } from "../../src/errors.ts";
import { loadTableFromNode } from "../../src/rules/load.node.ts";
import { loadTable } from "../../src/rules/load.ts";
import { defaultTable } from "../../src/rules/tables.ts";

/* Loading a table by id, as an object and by path. */

const folder = mkdtempSync(join(tmpdir(), "table-"));
afterAll(() => rmSync(folder, { recursive: true }));

const put = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const table = (id: string): string => JSON.stringify({ ...defaultTable, id });

/** The error that it throws. */
async function failure(load: () => unknown): Promise<MediaPreflightError> {
  try {
    await load();
  } catch (error) {
    if (error instanceof MediaPreflightError) return error;
    throw error;
  }
  throw new Error("it did not fail");
}

describe("a table", () => {
  test("is the default table if none is named", () => {
    for (const load of [loadTable, loadTableFromNode]) {
      expect(load()).toBe(defaultTable);
      expect(load(null)).toBe(defaultTable);
      expect(load("atlas-seedance-2.0")).toBe(defaultTable);
      expect(load(defaultTable)).toBe(defaultTable);
    }
  });
  test("is loaded by another id", async () => {
    expect((await loadTable("atlas-seedance-2.5")).types.video?.duration?.max).toBe(30);
    expect((await loadTableFromNode("atlas-seedance-2.5")).types.video?.duration?.max).toBe(30);
  });
  test("is validated once if it is given as an object", async () => {
    const own = { ...structuredClone(defaultTable), id: "own" };
    expect((await loadTable(own)).id).toBe("own");
    expect(await loadTableFromNode(own)).toBe(await loadTable(own));
    expect(await failure(() => loadTable({ id: "x" }))).toMatchObject({ code: "bad-table" });
  });
  test("with an unknown id is a usage error that lists the known ids", async () => {
    for (const id of ["kling", "constructor", "table.jsonx", ""]) {
      const error = await failure(() => loadTableFromNode(id));
      expect(error).toMatchObject({ code: "usage" });
      expect(error.message).toContain(JSON.stringify(id));
      expect(error.hint).toContain("atlas-seedance-2.0, atlas-seedance-2.5");
      expect(error.hint).toContain("JSON file");
    }
  });
});

describe("a path", () => {
  test("is text that ends in .json or contains a slash", async () => {
    expect((await loadTableFromNode(put("good.json", table("good")))).id).toBe("good");
    expect((await loadTableFromNode(put("good.JSON", table("shouted")))).id).toBe("shouted");
    expect((await loadTableFromNode(put("no-ending", table("no-ending")))).id).toBe("no-ending");
    expect(await failure(() => loadTableFromNode("none.json"))).toMatchObject({ code: "not-found" });
    expect(await failure(() => loadTableFromNode("no\\such"))).toMatchObject({ code: "not-found" });
  });
  test("is read once, and again after a failure", async () => {
    const path = put("once.json", table("once"));
    const first = loadTableFromNode(path);
    put("once.json", table("changed"));
    expect(loadTableFromNode(path)).toBe(first);
    expect((await first).id).toBe("once");
    const late = join(folder, "late.json");
    await failure(() => loadTableFromNode(late));
    put("late.json", table("late"));
    expect((await loadTableFromNode(late)).id).toBe("late");
  });
  test("to a missing file or to a directory is an error with the path", async () => {
    const nowhere = join(folder, "none.json");
    const missing = await failure(() => loadTableFromNode(nowhere));
    expect(missing).toMatchObject({ code: "not-found", message: `no such rule table: ${nowhere}` });
    expect(missing.cause).toMatchObject({ code: "not-found" });
    const inside = join(folder, "folder.json");
    mkdirSync(inside);
    const unreadable = await failure(() => loadTableFromNode(inside));
    expect(unreadable).toMatchObject({
      code: "unreadable",
      message: expect.stringContaining("this is a directory"),
    });
  });
  test("to invalid JSON, to another value than an object or to an invalid table is an error that begins with the path", async () => {
    const broken = await failure(() => loadTableFromNode(put("broken.json", "{")));
    expect(broken).toMatchObject({ code: "bad-table", cause: expect.any(SyntaxError) });
    expect(broken.message).toMatch(/broken\.json: .*JSON/);
    for (const text of ["3", "null", '"x"']) {
      const path = put("scalar.json", text);
      expect(await failure(() => loadTableFromNode(path))).toMatchObject({
        code: "bad-table",
        message: `${path}: a rule table must be a JSON object`,
      });
    }
    const off = await failure(() => loadTableFromNode(put("off.json", '{"id":"x"}')));
    expect(off).toMatchObject({ code: "bad-table", cause: expect.any(MediaPreflightError) });
    expect(off.message).toMatch(/off\.json: .*missing/s);
    expect(off.hint).toContain("rules/schema.json");
  });
});
