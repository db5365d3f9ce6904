import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";

/** An empty folder for each test, removed after it. Call it at the top level of a test file, or in a `describe`. */
export function temporaryFolder(): { readonly path: string; join(...names: string[]): string } {
  let path = "";
  beforeEach(async () => {
    path = await mkdtemp(join(tmpdir(), "media-preflight-test-"));
  });
  afterEach(() => rm(path, { recursive: true, force: true }));
  return {
    get path() {
      return path;
    },
    join: (...names) => join(path, ...names),
  };
}
