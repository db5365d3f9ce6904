import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { startEmulator } from "../../src/emulator/index.ts";
import { createAtlasClient, memoryLedger, type PushEvent, push } from "../../src/index.ts";
import { ffmpegInstalled } from "../fix/tools.ts";

/* push with `fix`: the copy is made once, and identified by the original and by everything that determines the copy. */

const root = mkdtempSync(join(tmpdir(), "push-fix-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const log = join(root, "runs.txt");

/** An ffmpeg that records its arguments. */
if (ffmpegInstalled) {
  const which = (name: string): string => execFileSync("which", [name], { encoding: "utf8" }).trim();
  mkdirSync(join(root, "bin"));
  writeFileSync(
    join(root, "bin/ffmpeg"),
    `#!/bin/sh\necho "$@" >> '${log}'\nexec '${which("ffmpeg")}' "$@"\n`,
  );
  chmodSync(join(root, "bin/ffmpeg"), 0o755);
  symlinkSync(which("ffprobe"), join(root, "bin/ffprobe"));
  process.env.FFMPEG_PATH = join(root, "bin/ffmpeg");
}
const encodings = (): number =>
  existsSync(log)
    ? readFileSync(log, "utf8")
        .split("\n")
        .filter((line) => line.includes("libx264")).length
    : 0;

describe.skipIf(!ffmpegInstalled)("push with fix (needs ffmpeg and ffprobe)", () => {
  test("sends the copy of a file that fails, and encodes nothing the second time", async () => {
    const emulator = await startEmulator({});
    try {
      const { apiBaseUrl, consoleBaseUrl } = emulator;
      const atlas = createAtlasClient({ apiKey: "k", apiBaseUrl, consoleBaseUrl });
      const ledger = memoryLedger();
      const fixtures = new URL("../../fixtures/video/", import.meta.url).pathname;
      const pushed = async (choices: true | { fit: "crop" }) => {
        const events: PushEvent[] = [];
        const names = ["aspect-above-2.5.mp4", "mp4-h264-aac.mp4", "duration-1.9s.mp4"];
        const files = names.map((name) => ({ input: join(fixtures, name), file: name }));
        const summary = await push(files, {
          atlas,
          ledger,
          fix: choices,
          onEvent: (event) => events.push(event),
        });
        return { summary, done: events.filter((event) => event.kind === "done") };
      };
      const first = await pushed(true);
      expect(first.summary).toMatchObject({ active: 2, registered: 2, refused: 1, errors: 0 });
      expect(encodings()).toBe(1);
      const copy = first.done.find(({ file }) => file === "aspect-above-2.5.mp4");
      expect(copy?.kind === "done" && copy.asset.name).toMatch(/^aspect-above-2\.5-[0-9a-f]{32}$/);

      const second = await pushed(true);
      expect(second.summary).toMatchObject({ active: 2, registered: 0, reused: 2, refused: 1 });
      expect(encodings()).toBe(1);

      // Another choice is another copy.
      expect((await pushed({ fit: "crop" })).summary).toMatchObject({ registered: 1, reused: 1 });
      expect(encodings()).toBe(2);
    } finally {
      await emulator.close();
    }
  });
});
