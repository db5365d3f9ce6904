import { describe, expect, it } from "vitest";
import { runMachines } from "../machines.ts";
import { pgbouncer, startPooler } from "../pooler.ts";
import { postgresBin } from "../server.ts";

describe.runIf(postgresBin !== null)(
  "three machines, killed at random, a database that restarts, and faults",
  () => {
    it("register each file once, through a pooler where one is installed", async () => {
      const program = pgbouncer;
      const result = await runMachines({
        ...{ machines: 3, files: 30, kills: 4, stops: 0, restarts: 2, faults: 0.15, seed: 5 },
        ...(program && { through: (url: string) => startPooler(program, url) }),
      });
      expect(result.faults).toEqual([]);
      expect(result.assets - result.trashed).toBeGreaterThan(20);
    });
  },
);
