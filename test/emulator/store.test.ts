import { spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { clip } from "../../src/emulator/clip.ts";
import { createEmulator, startEmulator } from "../../src/emulator/index.ts";
import { Store } from "../../src/emulator/store.ts";
import { form, key, request, settled, upload } from "./wire.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "mp-emulator-test-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe("the store on disk", () => {
  test("survives a restart on other ports: assets, trash, bytes", async () => {
    const first = await startEmulator({ store: directory, processingMs: 0 });
    const url = await upload(first.apiBaseUrl, form(clip()));
    const add = (name: string) =>
      request(`${first.consoleBaseUrl}/sd/assets`, { method: "POST", json: { type: "Video", url, name } });
    const kept = (await add("kept")).data.id;
    const trashed = (await add("trashed")).data.id;
    await settled(first.consoleBaseUrl, kept);
    await request(`${first.consoleBaseUrl}/sd/assets/${trashed}`, { method: "DELETE" });
    await first.close();

    const second = await startEmulator({ store: directory, processingMs: 0 });
    try {
      const assets = `${second.consoleBaseUrl}/sd/assets`;
      expect((await request(assets)).data.items).toMatchObject([
        { id: kept, name: "kept", status: "Active" },
      ]);
      expect((await request(`${assets}/trash`)).data.items).toMatchObject([{ id: trashed }]);
      const moved = url.replace(new URL(url).origin, new URL(second.apiBaseUrl).origin);
      expect(new Uint8Array(await (await fetch(moved)).arrayBuffer())).toEqual(clip());
      // Its old address is still known to be its own: nothing else is fetched for it.
      const again = await request(assets, { method: "POST", json: { type: "Video", url, name: "again" } });
      expect(Number(again.data.id)).toBeGreaterThan(Number(trashed));
      expect((await settled(second.consoleBaseUrl, again.data.id)).status).toBe("Active");
    } finally {
      await second.close();
    }
    expect(readFileSync(join(directory, "emulator.json"), "utf8")).not.toContain(key);
  });

  test("every confirmed change is on disk, even if the process is killed", async () => {
    const entry = fileURLToPath(new URL("../../src/emulator/index.ts", import.meta.url));
    const script = `import { startEmulator } from ${JSON.stringify(entry)};
      const e = await startEmulator({ store: ${JSON.stringify(directory)}, processingMs: 60000 });
      console.log(JSON.stringify({ api: e.apiBaseUrl, console: e.consoleBaseUrl }));`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const bases = await new Promise<{ api: string; console: string }>((resolve) => {
      child.stdout.once("data", (line: Buffer) => resolve(JSON.parse(line.toString())));
    });
    const url = await upload(bases.api, form(clip()));
    const ids = await Promise.all(
      Array.from({ length: 40 }, async (_, i) => {
        const json = { type: "Video", url, name: `n${i}` };
        return (await request(`${bases.console}/sd/assets`, { method: "POST", json })).data.id;
      }),
    );
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
    const again = createEmulator({ store: directory });
    expect(
      again
        .snapshot()
        .assets.map((asset) => asset.id)
        .sort(),
    ).toEqual(ids.map(Number).sort());
    await again.close();
  });

  test("a save resolves only when its own change is on disk, however many run at once", async () => {
    const store = new Store(directory);
    const missed: number[] = [];
    const change = async (): Promise<void> => {
      const id = store.nextId();
      await store.save();
      if (JSON.parse(readFileSync(join(directory, "emulator.json"), "utf8")).lastId < id) missed.push(id);
    };
    const first = change();
    await Promise.resolve();
    await Promise.all([first, change(), change(), change()]);
    expect(missed).toEqual([]);
    await store.close();
  });

  test("a store that cannot be written fails the request, not the process, and close reports it", async () => {
    const emulator = createEmulator({ store: directory, processingMs: 0 });
    const file = new File([clip()], "a.mp4");
    const body = new FormData();
    body.set("file", file);
    const headers = { authorization: `Bearer ${key}` };
    const upload = () =>
      emulator.fetch("http://api/api/v1/model/uploadMedia", { method: "POST", headers, body });
    expect((await upload()).status).toBe(200);
    rmSync(join(directory, "emulator.json"));
    mkdirSync(join(directory, "emulator.json"));
    expect((await upload()).status).toBe(500);
    await expect(emulator.close()).rejects.toThrow();
  });

  test("a directory with something else in it is refused and not changed", () => {
    writeFileSync(join(directory, "emulator.json"), '{"version":9}');
    expect(() => createEmulator({ store: directory })).toThrow(expect.objectContaining({ code: "usage" }));
    expect(readFileSync(join(directory, "emulator.json"), "utf8")).toBe('{"version":9}');
  });
});

test("without a store, nothing is left after close", async () => {
  const before = new Set(readdirSync(tmpdir()));
  const emulator = await startEmulator();
  await upload(emulator.apiBaseUrl, form(clip()));
  const made = readdirSync(tmpdir()).filter(
    (name) => name.startsWith("media-preflight-emulator-") && !before.has(name),
  );
  expect(made.length).toBeGreaterThan(0);
  await emulator.close();
  // Other tests' emulators come and go beside it: one of the new ones was ours, and it is gone.
  expect(made.some((name) => !existsSync(join(tmpdir(), name)))).toBe(true);
});
