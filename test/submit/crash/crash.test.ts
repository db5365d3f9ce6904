import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { longRun } from "../../property-runs.ts";
import type { ChildConfig } from "./child.ts";
import { crash, faultsOf, push, startService } from "./drive.ts";
import { makeFiles } from "./files.ts";

describe("a push that is killed repeatedly, over a service that fails a fifth of all requests", () => {
  it("registers each passing file once, loses none, sends no failing one, and leaves a valid ledger", async () => {
    const scale = longRun ? { files: 40, kills: 6 } : { files: 24, kills: 3 };
    const result = await crash({ ...scale, seed: 11, life: 1200 });
    expect(faultsOf(result)).toEqual([]);
    expect(result.kills).toBeGreaterThan(0);
    expect(result.beside).toEqual(["media-preflight.lock.json"]);
    expect(Object.keys(result.state.faults).length).toBeGreaterThan(3);
  }, 120_000);
});

describe("a service whose list shows neither names nor addresses", () => {
  it("makes it stop with outcome-unknown, never with a duplicate", async () => {
    const directory = await mkdtemp(join(tmpdir(), "crash-"));
    const service = await startService({ seed: 5, faults: 0.2, shows: "neither", fails: 0, timeout: 500 });
    try {
      const folder = join(directory, "media");
      await makeFiles(folder, 40);
      const ledger = join(directory, "ledger.json");
      const config: ChildConfig = {
        folder,
        ledger,
        port: service.port,
        timeout: 500,
        recovery: { betweenSearches: 200, afterRequest: 3000 },
      };
      const codes = new Set<string>();
      for (let runs = 0; runs < 3; runs++) {
        const { events } = await push(config, runs < 1 ? 600 : null);
        for (const { kind, error } of events)
          if (kind === "error") codes.add((error as { code: string }).code);
      }
      expect(codes).toContain("outcome-unknown");
      const hashes = (await service.state()).assets.map(({ sha256 }) => sha256);
      expect(new Set(hashes).size).toBe(hashes.length);
    } finally {
      service.stop();
      await rm(directory, { recursive: true, force: true });
    }
  }, 120_000);
});

describe("two processes over the same files at once", () => {
  it("register each file once between them", async () => {
    const directory = await mkdtemp(join(tmpdir(), "crash-"));
    const service = await startService({ seed: 6, faults: 0, shows: "both", fails: 0, timeout: 2000 });
    try {
      const folder = join(directory, "media");
      const { pass } = await makeFiles(folder, 30);
      const ledger = join(directory, "ledger.json");
      const config: ChildConfig = {
        folder,
        ledger,
        port: service.port,
        timeout: 2000,
        recovery: { betweenSearches: 200, afterRequest: 2500 },
      };
      const both = await Promise.all([push(config), push(config)]);
      expect(both.map(({ code }) => code)).toEqual([0, 0]);
      const { assets, changes } = await service.state();
      expect(assets.length).toBe(pass.size);
      expect((await push(config)).code).toBe(0);
      expect((await service.state()).changes).toBe(changes);
    } finally {
      service.stop();
      await rm(directory, { recursive: true, force: true });
    }
  }, 120_000);
});
