import { EventEmitter } from "node:events";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { WatchedFolder } from "../../../src/push/watch/watch-folder.node.ts";

/* A watcher that reports no event at all: files are found all the same. */

const root = realpathSync(mkdtempSync(join(tmpdir(), "missed-events-")));
const ending = new AbortController();
afterEach(() => {
  ending.abort();
  rmSync(root, { recursive: true });
});

class SilentWatcher extends EventEmitter {
  constructor() {
    super();
    setImmediate(() => this.emit("ready"));
  }
  async close(): Promise<void> {}
}

test("finds files that were not reported, without ignored ones and what links lead to", async () => {
  const exclude = [join(root, "sent")];
  const watched = new WatchedFolder(root, root, { exclude, signal: ending.signal });
  await watched.start((() => new SilentWatcher()) as never);
  for (const folder of ["shots", "shots/night", "sent", ".hidden"]) mkdirSync(join(root, folder));
  for (const name of ["a.jpg", "shots/night/b.jpg", "sent/c.jpg", ".hidden/d.jpg", "shots/e.jpg.part"])
    writeFileSync(join(root, name), name);
  symlinkSync(join(root, "sent"), join(root, "linked"));
  const found: string[] = [];
  for await (const { path, state } of watched.files()) {
    found.push(path.slice(root.length + 1));
    await watched.finished(path, state);
    // A second search has been made by then, and lists neither file again.
    if (found.length === 2) setTimeout(() => ending.abort(), 4_000);
  }
  expect(found.sort()).toEqual(["a.jpg", "shots/night/b.jpg"]);
});
