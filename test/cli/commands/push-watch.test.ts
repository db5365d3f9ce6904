import { type ChildProcess, spawn } from "node:child_process";
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { delay } from "../../../src/async/delay.ts";
import { type EmulatorOptions, startEmulator } from "../../../src/emulator/index.ts";
import { nodeEngines } from "../../../src/engines/engines.node.ts";
import { timed } from "../../timing.ts";
import { fixture, ran } from "../run.ts";

/* `push --watch` as a process of its own, against the emulator. */

const program = join(import.meta.dirname, "../../../src/cli/media-preflight.ts");
const { ffmpeg } = await nodeEngines();
const good = fixture("image/jpeg-640x480.jpg");
const bad = fixture("image/jpeg-299x300.jpg");

let folder: string;
let emulator: Awaited<ReturnType<typeof startEmulator>>;
let running: Watch[] = [];

async function serve(options: EmulatorOptions = {}): Promise<void> {
  await emulator?.close();
  emulator = await startEmulator({ processingMs: 0, ...options });
}

beforeEach(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "push-watch-")));
  mkdirSync(join(folder, "inbox"));
  await serve();
});
afterEach(async () => {
  for (const { child } of running) child.kill("SIGKILL");
  running = [];
  await emulator.close();
  rmSync(folder, { recursive: true });
});

const at = (name: string): string => join(folder, name);
/** A file that was written a while ago, moved into place: it is taken at once. */
function moveIn(from: string, name: string): void {
  copyFileSync(from, at("moving"));
  const written = new Date(Date.now() - 10_000);
  utimesSync(at("moving"), written, written);
  renameSync(at("moving"), at(name));
}
const uploads = (): number => emulator.requests.filter(({ operation }) => operation === "upload").length;

interface Watch {
  child: ChildProcess;
  /** Elements of the output so far. */
  seen: Record<string, unknown>[];
  err(): string;
  /** Waits for an element that has these values. */
  until(values: Record<string, unknown>): Promise<Record<string, unknown>>;
  ended: Promise<number | null>;
}

async function watch(...args: string[]): Promise<Watch> {
  const child = spawn(
    process.execPath,
    [program, "push", "--watch", "inbox", "--format", "ndjson", ...args],
    {
      cwd: folder,
      env: {
        ...process.env,
        ATLASCLOUD_API_KEY: "test",
        ATLASCLOUD_API_BASE_URL: emulator.apiBaseUrl,
        ATLASCLOUD_CONSOLE_BASE_URL: emulator.consoleBaseUrl,
      },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  const seen: Record<string, unknown>[] = [];
  let rest = "";
  let err = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    seen.push(...lines.map((line) => JSON.parse(line)));
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    err += text;
  });
  const ended = new Promise<number | null>((resolve) => child.once("close", (code) => resolve(code)));
  const watching: Watch = {
    child,
    seen,
    err: () => err,
    ended,
    async until(values) {
      let found: Record<string, unknown> | undefined;
      await expect
        .poll(
          () => {
            found = seen.find((one) => Object.entries(values).every(([key, value]) => one[key] === value));
            return found !== undefined;
          },
          { timeout: 50_000, message: JSON.stringify(values) },
        )
        .toBe(true);
      return found ?? {};
    },
  };
  running.push(watching);
  await watching.until({ event: "watching" });
  return watching;
}

describe("push --watch", () => {
  test("takes what is there and what comes, names what fails, and moves both", async () => {
    moveIn(good, "inbox/there.jpg");
    const watching = await watch("--done-dir", "inbox/sent", "--failed-dir", "rejected/today");
    await watching.until({ event: "moved", file: "inbox/there.jpg", to: "inbox/sent/there.jpg" });
    mkdirSync(at("inbox/shots"));
    moveIn(bad, "inbox/shots/bad.jpg");
    await watching.until({ event: "moved", file: "inbox/shots/bad.jpg", to: "rejected/today/shots/bad.jpg" });
    expect(
      watching.seen.find(({ file, verdict }) => file === "inbox/shots/bad.jpg" && verdict),
    ).toMatchObject({
      verdict: "fail",
      asset: null,
    });
    watching.child.kill("SIGINT");
    expect(await watching.ended).toBe(1);
    expect(watching.seen.at(-1)).toMatchObject({ summary: { files: 2, active: 1, refused: 1, errors: 0 } });
    expect(readdirSync(at("inbox"), { recursive: true }).sort()).toEqual(["sent", "sent/there.jpg", "shots"]);
    expect(uploads()).toBe(1);
  });

  test("takes a file that is copied slowly once it is complete", async () => {
    const watching = await watch();
    const bytes = readFileSync(fixture("audio/wav-duration-15.0s.wav"));
    const step = Math.ceil(bytes.length / 6);
    for (let offset = 0; offset < bytes.length; offset += step) {
      appendFileSync(at("inbox/slow.wav"), bytes.subarray(offset, offset + step));
      expect(uploads()).toBe(0);
      await delay(750, null);
    }
    const { facts } = await watching.until({ file: "inbox/slow.wav", verdict: "pass" });
    expect(facts).toMatchObject({ bytes: bytes.length });
    expect(watching.seen.filter(({ file }) => file === "inbox/slow.wav")).toHaveLength(1);
  });

  test("takes a file at once that is renamed into place", timed, async () => {
    const watching = await watch();
    copyFileSync(good, at("elsewhere.jpg"));
    await delay(50, null);
    const start = performance.now();
    renameSync(at("elsewhere.jpg"), at("inbox/renamed.jpg"));
    await expect.poll(uploads, { interval: 20 }).toBe(1);
    expect(performance.now() - start).toBeLessThan(2_900);
    await watching.until({ file: "inbox/renamed.jpg", verdict: "pass" });
  });

  test("leaves links, fixed copies, hidden and temporary names, the ledger and other files alone", async () => {
    symlinkSync(good, at("inbox/link.jpg"));
    mkdirSync(at("outside"));
    copyFileSync(good, at("outside/a.jpg"));
    symlinkSync(at("outside"), at("inbox/linked"));
    for (const name of ["clip.fixed.jpg", ".hidden.jpg", "a.jpg.part", "b.jpg.crdownload", "c.jpg~"])
      copyFileSync(good, at(`inbox/${name}`));
    writeFileSync(at("inbox/notes.txt"), "no media\n");
    const watching = await watch("--ledger", "inbox/media-preflight.lock.json");
    copyFileSync(good, at("inbox/last.jpg"));
    await watching.until({ file: "inbox/last.jpg", verdict: "pass" });
    await delay(500, null);
    expect(watching.seen.filter(({ verdict }) => verdict !== undefined)).toHaveLength(1);
    expect(watching.err()).toBe("");
  });

  test("a move never replaces a file: the second of a name is called name-2", async () => {
    mkdirSync(at("rejected"));
    writeFileSync(at("rejected/bad.jpg"), "mine");
    moveIn(bad, "inbox/bad.jpg");
    const watching = await watch("--failed-dir", "rejected");
    await watching.until({ event: "moved", to: "rejected/bad-2.jpg" });
    expect(readFileSync(at("rejected/bad.jpg"), "utf8")).toBe("mine");
    expect(readFileSync(at("rejected/bad-2.jpg"))).toEqual(readFileSync(bad));
  });

  test("a damaged file waits until it has not changed for a minute; one that is older is moved at once", async () => {
    const half = readFileSync(good).subarray(0, 3_000);
    writeFileSync(at("inbox/old.jpg"), half);
    const before = new Date(Date.now() - 120_000);
    utimesSync(at("inbox/old.jpg"), before, before);
    writeFileSync(at("inbox/new.jpg"), half);
    const watching = await watch("--failed-dir", "rejected");
    await watching.until({ event: "moved", file: "inbox/old.jpg" });
    const { checkedAgainIn } = await watching.until({ event: "incomplete", file: "inbox/new.jpg" });
    expect(checkedAgainIn).toBeGreaterThan(30);
    expect(existsSync(at("inbox/new.jpg"))).toBe(true);
    writeFileSync(at("inbox/new.jpg"), readFileSync(good));
    await watching.until({ file: "inbox/new.jpg", verdict: "pass" });
  });

  test("killed while an asset is Processing and started again, it sends and registers nothing twice", async () => {
    await serve({ processingMs: 3_000 });
    moveIn(good, "inbox/a.jpg");
    const first = await watch("--done-dir", "sent");
    await expect
      .poll(() => emulator.requests.some(({ operation }) => operation === "get"), { timeout: 30_000 })
      .toBe(true);
    first.child.kill("SIGKILL");
    await first.ended;
    const second = await watch("--done-dir", "sent");
    await second.until({ event: "moved", file: "inbox/a.jpg", to: "sent/a.jpg" });
    // Active in the ledger by now: only moved.
    moveIn(good, "inbox/b.jpg");
    const again = await second.until({ file: "inbox/b.jpg", verdict: "pass" });
    expect(again.asset).toMatchObject({ reused: true, status: "active" });
    await second.until({ event: "moved", file: "inbox/b.jpg", to: "sent/b.jpg" });
    expect(uploads()).toBe(1);
    expect(emulator.requests.filter(({ operation }) => operation === "register")).toHaveLength(1);
    second.child.kill("SIGTERM");
    expect(await second.ended).toBe(0);
  });

  test("Ctrl-C lets what is under way end within the grace, and takes no further file", async () => {
    await serve({ processingMs: 500 });
    moveIn(good, "inbox/a.jpg");
    const watching = await watch("--done-dir", "sent");
    await expect.poll(uploads, { timeout: 30_000 }).toBe(1);
    watching.child.kill("SIGINT");
    await expect.poll(watching.err).toContain("stopping: 1 file may end within 5 s");
    copyFileSync(bad, at("inbox/b.jpg"));
    expect(await watching.ended).toBe(0);
    expect(existsSync(at("sent/a.jpg"))).toBe(true);
    expect(existsSync(at("inbox/b.jpg"))).toBe(true);
    expect(watching.seen.at(-1)).toMatchObject({ summary: { active: 1 } });
  });

  test.skipIf(!ffmpeg)("--fix sends a fixed copy of what fails and can be fixed (needs ffmpeg)", async () => {
    moveIn(bad, "inbox/bad.jpg");
    const watching = await watch("--fix", "--done-dir", "sent");
    await watching.until({ event: "moved", file: "inbox/bad.jpg", to: "sent/bad.jpg" });
    expect(readFileSync(at("sent/bad.jpg"))).toEqual(readFileSync(bad));
    expect(uploads()).toBe(1);
  });

  test("an error that concerns all files ends it with 2", async () => {
    await serve({ key: "another" });
    moveIn(good, "inbox/a.jpg");
    const watching = await watch("--failed-dir", "rejected");
    expect(await watching.ended).toBe(2);
    expect(existsSync(at("inbox/a.jpg"))).toBe(true);
  });

  test("ends with 2 when the folder goes away", async () => {
    const watching = await watch();
    rmSync(at("inbox"), { recursive: true });
    expect(await watching.ended).toBe(2);
    expect(watching.err()).toContain("the watched folder is gone");
  });
});

test.each([
  [["--watch", "nowhere"], "no such folder"],
  [["--watch", "inbox", "a.jpg"], "--watch takes no further files"],
  [["--watch", "inbox", "--dry-run"], "--dry-run cannot be combined"],
  [["--watch", "inbox", "--format", "json"], "--watch prints text or ndjson"],
  [["--watch", "inbox", "--done-dir", "inbox"], "--done-dir cannot be the watched folder"],
  [["--watch", "inbox", "--failed-dir", "."], "--failed-dir cannot be the watched folder or one above it"],
  [["a.jpg", "--done-dir", "sent"], "--done-dir needs --watch"],
])("push %s says what is wrong", async (args, message) => {
  process.env.ATLASCLOUD_API_KEY ??= "test";
  const { code, err } = await ran(["push", ...args], { cwd: folder, env: { ATLASCLOUD_API_KEY: "test" } });
  expect(code).toBe(2);
  expect(err).toContain(message);
});
