/**
 * The process that is killed: one push over a folder. Its config is its only argument, the key is in the
 * environment. Events go to stdout, one JSON a line; the exit status says whether anything is left to do.
 */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { createAtlasClient } from "../../../src/atlas/client.node.ts";
import { preflight } from "../../../src/index.ts";
import { fileLedger } from "../../../src/ledger/file/file-ledger.node.ts";
import { createNodeUploader } from "../../../src/push/uploader.node.ts";

export interface ChildConfig {
  folder: string;
  ledger: string;
  port: number;
  timeout: number;
  recovery: { apart: number; settle: number };
}

const config = JSON.parse(process.argv[2] ?? "{}") as ChildConfig;
const base = `http://127.0.0.1:${config.port}`;
const names = (await readdir(config.folder)).sort();
const summary = await createNodeUploader(preflight).push(
  names.map((name) => ({ input: join(config.folder, name), file: name })),
  {
    atlas: createAtlasClient({
      apiBaseUrl: `${base}/api/v1`,
      consoleBaseUrl: `${base}/console/v1`,
      timeout: config.timeout,
      retry: { base: 30, cap: 500 },
    }),
    ledger: fileLedger(config.ledger),
    recovery: config.recovery,
    crossCheck: "never",
    deadline: 60_000,
    interval: 100,
    onEvent(event) {
      if (event.kind === "progress") return;
      console.log(
        JSON.stringify(event, (_, value) =>
          value instanceof Error ? { ...value, message: value.message, cause: value.cause } : value,
        ),
      );
    },
  },
);
console.log(JSON.stringify({ kind: "summary", ...summary }));
process.exitCode = summary.errors + summary.left > 0 || summary.fatal ? 1 : 0;
