import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { RunningEmulator } from "../../../src/emulator/index.ts";

const program = fileURLToPath(new URL("../../../src/cli/media-preflight.ts", import.meta.url));

/** `media-preflight queue …` in a process of its own. */
export class QueueCommand {
  readonly child: ChildProcess;
  out = "";
  err = "";
  readonly ended: Promise<number | null>;
  constructor(args: readonly string[], database: string, { apiBaseUrl, consoleBaseUrl }: RunningEmulator) {
    this.child = spawn(process.execPath, [program, "queue", ...args], {
      env: {
        ...process.env,
        MEDIA_PREFLIGHT_LEDGER: database,
        ATLASCLOUD_API_KEY: "key",
        ATLASCLOUD_API_BASE_URL: apiBaseUrl,
        ATLASCLOUD_CONSOLE_BASE_URL: consoleBaseUrl,
      },
    });
    this.child.stdout?.on("data", (data) => {
      this.out += data;
    });
    this.child.stderr?.on("data", (data) => {
      this.err += data;
    });
    this.ended = new Promise((resolve) => this.child.once("close", resolve));
  }
  lines(): { file: string; outcome: string }[] {
    return this.out
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  }
}
