import { expect, it } from "vitest";
import { longRun } from "../../property-runs.ts";
import { crash, problemsOf } from "./drive.ts";

it("stores and registers each passing file once by way of a bucket, under faults and kills, and writes no signature down", async () => {
  const scale = longRun ? { files: 40, kills: 4 } : { files: 24, kills: 2 };
  const result = await crash({ ...scale, seed: 7, faults: 0.15, life: 2000 });
  expect(problemsOf(result)).toEqual([]);
  expect(result.kills).toBe(scale.kills);
  expect(Object.keys(result.state.faults).length).toBeGreaterThan(4);
}, 240_000);
