import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
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

/** Programs that record their arguments. */
if (ffmpegInstalled) {
  const which = (name: string): string => execFileSync("which", [name], { encoding: "utf8" }).trim();
  mkdirSync(join(root, "bin"));
  for (const program of ["ffmpeg", "ffprobe"]) {
    const path = join(root, "bin", program);
    writeFileSync(path, `#!/bin/sh\necho ${program} "$@" >> '${log}'\nexec '${which(program)}' "$@"\n`);
    chmodSync(path, 0o755);
  }
  process.env.FFMPEG_PATH = join(root, "bin/ffmpeg");
}
const runsWith = (text: string): number =>
  existsSync(log)
    ? readFileSync(log, "utf8")
        .split("\n")
        .filter((line) => line.includes(text)).length
    : 0;
const encodings = (): number => runsWith("libx264");

describe.skipIf(!ffmpegInstalled)("push with fix (needs ffmpeg and ffprobe)", () => {
  test("sends copies where one path is pushed twice at the same time, also as a file: URL", async () => {
    const emulator = await startEmulator({ processingMs: 0 });
    try {
      const { apiBaseUrl, consoleBaseUrl } = emulator;
      const atlas = createAtlasClient({ apiKey: "k", apiBaseUrl, consoleBaseUrl });
      const url = new URL("../../fixtures/video/aspect-above-2.5.mp4", import.meta.url);
      const inputs = [url.pathname, url.pathname, url, url.href];
      const files = inputs.map((input, i) => ({ input, file: `${i}.mp4` }));
      const summary = await push(files, { atlas, fix: true });
      expect(summary).toMatchObject({
        active: 4,
        registered: 1,
        reused: 3,
        refused: 0,
        failed: 0,
        errors: 0,
      });
    } finally {
      await emulator.close();
    }
  });

  test("sends the copy of a file that fails, and encodes nothing the second time", async () => {
    const emulator = await startEmulator({ processingMs: 0 });
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
        const notes = events.flatMap((event) =>
          event.kind === "note" ? [`${event.file}: ${event.message}`] : [],
        );
        return { summary, done: events.filter((event) => event.kind === "done"), notes };
      };
      const before = encodings();
      const first = await pushed(true);
      expect(first.summary).toMatchObject({ active: 2, registered: 2, refused: 1, errors: 0 });
      expect(encodings() - before).toBe(1);
      expect(first.notes).toEqual([
        expect.stringMatching(/^aspect-above-2\.5\.mp4: fixed copy: .*pad to \d+×\d+/),
      ]);
      const copy = first.done.find(({ file }) => file === "aspect-above-2.5.mp4");
      expect(copy?.kind === "done" && copy.asset.name).toMatch(/^aspect-above-2\.5-[0-9a-f]{32}$/);

      const second = await pushed(true);
      expect(second.summary).toMatchObject({ active: 2, registered: 0, reused: 2, refused: 1 });
      expect(encodings() - before).toBe(1);

      // Another choice is another copy.
      expect((await pushed({ fit: "crop" })).summary).toMatchObject({ registered: 1, reused: 1 });
      expect(encodings() - before).toBe(2);
    } finally {
      await emulator.close();
    }
  });

  test("plans each copy once in a dry run, and estimates its bytes", async () => {
    const emulator = await startEmulator({ processingMs: 0 });
    try {
      const { apiBaseUrl, consoleBaseUrl } = emulator;
      const atlas = createAtlasClient({ apiKey: "k", apiBaseUrl, consoleBaseUrl });
      const fixture = (path: string) => {
        const { pathname } = new URL(`../../fixtures/${path}`, import.meta.url);
        return { input: pathname, file: path, bytes: statSync(pathname).size };
      };
      const passing = fixture("video/mp4-h264-aac.mp4");
      const files = [passing, fixture("video/aspect-above-2.5.mp4"), fixture("video/mvhd-claims-20s.mp4")];
      const planned: (PushEvent & { kind: "planned" })[] = [];
      const before = { probes: runsWith("ffprobe"), encodings: encodings() };
      const { estimate } = await push(files, {
        atlas,
        fix: true,
        dryRun: true,
        onEvent: (event) => event.kind === "planned" && planned.push(event),
      });
      expect(runsWith("ffprobe") - before.probes).toBe(2);
      expect(encodings()).toBe(before.encodings);
      const uploads = files.map(({ file }) => planned.find((event) => event.file === file)?.upload);
      expect(uploads).toEqual([
        { bytes: passing.bytes, isCopy: false },
        { bytes: expect.any(Number), isCopy: true },
        { bytes: expect.any(Number), isCopy: true },
      ]);
      const [, encoded = 0, copied = 0] = uploads.map((upload) => upload?.bytes);
      // Streams that are copied keep their size; what is encoded has the size limit's.
      expect(copied).toBeLessThan(1.1 * (files[2]?.bytes ?? 0) + 10_000);
      expect(estimate).toMatchObject({
        uploads: 3,
        bytes: passing.bytes,
        copies: { files: 2, maxBytes: encoded + copied },
      });
    } finally {
      await emulator.close();
    }
  });
});
