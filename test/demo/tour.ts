import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { processTerminal, type Terminal } from "../../src/cli/io/terminal.ts";
import { main } from "../../src/cli/main.ts";
import { startEmulator } from "../../src/emulator/index.ts";

/*
 * `npm start`: the main task from end to end on this machine. Fixtures are checked, those that pass are pushed to an
 * emulator of the service, and their asset:// references are printed. No key, no network.
 */

const fixtures = relative(process.cwd(), join(import.meta.dirname, "../../fixtures"));

/** One of each accepted format, then one for each reason not to pass; all fit on one screen. */
const shown = [
  "image/jpeg-640x480.jpg",
  "image/png-640x480.png",
  "image/webp-lossy-640x480.webp",
  "image/bmp-400x400.bmp",
  "image/tiff-640x480.tif",
  "image/gif-animated-3-frames.gif",
  "image/heic-rotated-480x640.heic",
  "video/mp4-h264-aac.mp4",
  "video/mov-h264-pcm.mov",
  "audio/wav-pcm-stereo-3s.wav",
  "audio/mp3-stereo-3s.mp3",
  "video/rate-23.976.mp4",
  "video/pixels-1920x1080.mp4",
  "video/pixels-848x480.mp4",
  "video/duration-15.3s.mp4",
  "video/rate-23.mp4",
  "image/jpeg-299x300.jpg",
  "audio/wav-duration-1.7s.wav",
  "damaged/mp4-cut-in-mdat.mp4",
  "damaged/png-without-iend.png",
  "refused/webm.webm",
  "refused/page-named.mp4",
];

async function tour(terminal: Terminal): Promise<number> {
  const say = (line: string): void => terminal.err(`\n${line}\n\n`);
  const scratch = mkdtempSync(join(tmpdir(), "media-preflight-tour-"));
  const emulator = await startEmulator({});
  try {
    const files = shown.map((file) => join(fixtures, file));
    say(`$ media-preflight check …   (${files.length} of the ${count(fixtures)} fixtures)`);
    const failed = await main(["check", "--no-config", ...files], terminal);
    if (failed === 2) return 2;

    say(
      "$ media-preflight push …   (the same files; only what passes is sent, here to an emulator of the service)",
    );
    const env = {
      ...terminal.env,
      ATLASCLOUD_API_KEY: "emulator",
      ATLASCLOUD_API_BASE_URL: emulator.apiBaseUrl,
      ATLASCLOUD_CONSOLE_BASE_URL: emulator.consoleBaseUrl,
    };
    Object.assign(process.env, env);
    const ledger = join(scratch, "media-preflight.lock.json");
    const pushed = await main(["push", "--no-config", "--quiet", "--ledger", ledger, ...files], {
      ...terminal,
      env,
    });
    if (pushed === 2) return 2;

    const clip = join(fixtures, "video/pixels-1920x1080.mp4");
    say("$ media-preflight fix --dry-run …   (how a clip that fails would be fixed)");
    const planned = await main(["fix", "--no-config", "--dry-run", "--verbose", clip], terminal);
    // Without ffmpeg it has said what to install.
    if (planned === 1) {
      say("$ media-preflight push --fix …   (its fixed copy, sent and registered)");
      const flags = ["--no-config", "--quiet", "--ledger", ledger];
      if ((await main(["push", "--fix", ...flags, clip], { ...terminal, env })) !== 0) return 2;
    }

    const sent = emulator.requests.filter((line) => line.operation === "upload").length;
    const active = emulator.snapshot().assets.length;
    say(
      `${sent} uploads, ${active} assets registered; nothing else was sent. Your own file: npx media-preflight check FILE`,
    );
    return 0;
  } finally {
    await emulator.close();
    rmSync(scratch, { recursive: true, force: true });
  }
}

function count(folder: string): number {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile() && entry.name.endsWith(".json")).length;
}

process.exitCode = await tour(processTerminal());
