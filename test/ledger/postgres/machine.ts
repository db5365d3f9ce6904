/**
 * One of several machines: a push over a folder with a PostgreSQL ledger. Its config is its only argument, the key is in
 * the environment. Events go to stdout, one JSON a line; the exit status says whether anything is left to do.
 */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { createAtlasClient } from "../../../src/atlas/client.node.ts";
import { preflight } from "../../../src/index.ts";
import { postgresLedger } from "../../../src/ledger/postgres/postgres-ledger.node.ts";
import { createNodeUploader } from "../../../src/push/uploader.node.ts";

export interface MachineConfig {
  folder: string;
  database: string;
  port: number;
  timeout: number;
  recovery: { apart: number; settle: number };
}

const config = JSON.parse(process.argv[2] ?? "{}") as MachineConfig;
const base = `http://127.0.0.1:${config.port}`;
const names = (await readdir(config.folder)).sort(() => Math.random() - 0.5);
const ledger = postgresLedger(config.database);
const summary = await createNodeUploader(preflight).push(
  names.map((name) => ({ input: join(config.folder, name), file: name })),
  {
    atlas: createAtlasClient({
      apiBaseUrl: `${base}/api/v1`,
      consoleBaseUrl: `${base}/console/v1`,
      timeout: config.timeout,
      retry: { base: 30, cap: 500 },
    }),
    ledger,
    recovery: config.recovery,
    crossCheck: "never",
    deadline: 60_000,
    interval: 100,
    inFlight: 8,
    onEvent(event) {
      if (event.kind === "error")
        console.log(
          JSON.stringify({ file: event.file, code: event.error.code, message: event.error.message }),
        );
      if (event.kind === "note") console.log(JSON.stringify({ file: event.file, note: event.message }));
    },
  },
);
await ledger.close();
console.log(JSON.stringify({ summary }));
process.exitCode = summary.errors + summary.left > 0 || summary.fatal ? 1 : 0;
