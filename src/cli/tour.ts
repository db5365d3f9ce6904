import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { startEmulator } from "../emulator/index.ts";
import { main } from "./main.ts";
import { processTerminal, type Terminal } from "./terminal.ts";

/*
 * `npm start`: the main job from end to end on this machine. The fixtures are checked, those that pass are pushed
 * to an emulator of the service, and their asset:// references are printed. No key, no network.
 */

const fixtures = relative(process.cwd(), join(import.meta.dirname, "../../fixtures"));

/** Kinds of fixtures shown, so that the table fits a screen: a few that pass, one or two for each reason not to. */
const shown = JSON.parse(readFileSync(join(fixtures, "tour.json"), "utf8")) as string[];

async function tour(terminal: Terminal): Promise<number> {
  const say = (line: string): void => terminal.err(`\n${line}\n\n`);
  const scratch = mkdtempSync(join(tmpdir(), "media-preflight-tour-"));
  const emulator = await startEmulator({});
  try {
    const files = shown.map((file) => join(fixtures, file));
    say(`media-preflight check   (${files.length} of ${count(fixtures)} fixtures)`);
    const failed = await main(["check", "--no-config", ...files], terminal);
    if (failed === 2) return 2;

    say("media-preflight push    (the same files; only what passes is sent, here to the emulator)");
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
  return entries.filter((entry) => entry.isFile() && /\.json$/.test(entry.name)).length - 1;
}

process.exitCode = await tour(processTerminal());
