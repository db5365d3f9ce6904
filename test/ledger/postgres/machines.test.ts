import { describe, expect, it } from "vitest";
import { runMachines } from "./machines.ts";
import { postgresBin } from "./server.ts";

describe.runIf(postgresBin !== null)("two machines over the same files, one database that restarts", () => {
  it("register each file once between them, and a third one changes nothing", async () => {
    const result = await runMachines({
      ...{ machines: 2, files: 10, kills: 0, stops: 0, restarts: 1, faults: 0, seed: 3 },
    });
    expect(result.faults).toEqual([]);
    expect(result.assets).toBe(9);
  });
});
