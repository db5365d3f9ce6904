import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { fromPath } from "../../src/bytes/path.node.ts";
import { evaluate } from "../../src/rules/evaluate.ts";
import { loadTable } from "../../src/rules/load.ts";
import { readEvidence } from "../facts/read-evidence.ts";

describe("the option omitPassed", () => {
  const folders = ["image", "video", "audio", "refused", "damaged"];
  it.each(folders)("leaves out only passing table rows for fixtures/%s", async (folder) => {
    const table = await loadTable();
    const names = readdirSync(`fixtures/${folder}`).filter((name) => !name.endsWith(".json"));
    let left = 0;
    for (const name of names) {
      const source = fromPath(`fixtures/${folder}/${name}`);
      const evidence = await readEvidence(source);
      await source.close?.();
      for (const limits of ["documented", "observed"] as const) {
        const full = evaluate(evidence, table, { name, limits });
        const withoutPassed = evaluate(evidence, table, { name, limits, omitPassed: true });
        const blocks = ({ verdict }: { verdict: string }): boolean => verdict !== "pass";
        expect(withoutPassed.results.filter(blocks)).toEqual(full.results.filter(blocks));
        expect({ ...withoutPassed, results: null }).toEqual({ ...full, results: null });
        left += full.results.length - withoutPassed.results.length;
      }
    }
    expect(left).toBeGreaterThan(0);
  });
});
