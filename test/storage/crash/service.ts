/**
 * The process with the service and the bucket, for the crash test: the emulator, which verifies every signature and
 * injects faults by a seed. Its configuration is its only argument; `state` over IPC asks for what it holds.
 */
import { startEmulator } from "../../../src/emulator/index.ts";
import type { EmulatorOptions, LogLine } from "../../../src/emulator/options.ts";

export interface ServiceState {
  assets: { id: string; sha256: string | null; trashed: boolean }[];
  objects: { key: string; sha256: string }[];
  requests: number;
  /** Requests that changed, or tried to change, something. */
  changes: number;
  faults: Record<string, number>;
  /** Answers of the bucket that no fault explains, by their code. */
  refused: Record<string, number>;
  /** Calls of uploadMedia. */
  uploads: number;
}

const counts = { requests: 0, changes: 0, uploads: 0 };
const faults: Record<string, number> = {};
const refused: Record<string, number> = {};
const count = (table: Record<string, number>, name: string): void => {
  table[name] = (table[name] ?? 0) + 1;
};
/** Codes that are part of putting an object once. */
const expected: ReadonlySet<string> = new Set(["PreconditionFailed", "NoSuchKey", "NoSuchUpload"]);

const emulator = await startEmulator({
  ...(JSON.parse(process.argv[2] ?? "{}") as EmulatorOptions),
  onRequest(line: LogLine) {
    counts.requests++;
    if (line.method !== "GET" && line.method !== "HEAD") counts.changes++;
    if (line.operation === "upload") counts.uploads++;
    if (line.fault) count(faults, line.fault);
    // A process that is killed cuts its request short, which is none of the client's errors.
    else if (line.host === "bucket" && line.status < 500 && line.code && !expected.has(line.code))
      count(refused, line.code);
  },
});

function state(): ServiceState {
  const { assets, objects } = emulator.snapshot();
  return {
    ...counts,
    assets: assets.map(({ id, url, trashed }) => ({
      id: String(id),
      sha256: /([0-9a-f]{64})\.\w+\?/.exec(url)?.[1] ?? null,
      trashed,
    })),
    objects: objects.map(({ key, sha256 }) => ({ key, sha256 })),
    faults,
    refused,
  };
}

process.on("message", () => process.send?.(state()));
process.on("disconnect", () => void emulator.close().finally(() => process.exit()));
process.send?.({ api: emulator.apiBaseUrl, console: emulator.consoleBaseUrl, bucket: emulator.bucket });
