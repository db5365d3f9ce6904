/**
 * One of several machines: a push over a folder with a PostgreSQL ledger. Its config is its only argument, the key is in
 * the environment. Events go to stdout, one JSON a line; the exit status says whether anything is left to do.
 */
import { createAtlasClient } from "../../../src/atlas/client.node.ts";
import { postgresLedger } from "../../../src/ledger/postgres/postgres-ledger.node.ts";
import { pushFolder, retry } from "../../submit/crash/push-folder.ts";

export interface MachineConfig {
  folder: string;
  database: string;
  port: number;
  timeout: number;
  recovery: { betweenSearches: number; afterRequest: number };
}

const { folder, database, port, timeout, recovery } = JSON.parse(process.argv[2] ?? "{}") as MachineConfig;
const base = `http://127.0.0.1:${port}`;
const atlas = createAtlasClient({
  apiBaseUrl: `${base}/api/v1`,
  consoleBaseUrl: `${base}/console/v1`,
  timeout,
  retry,
});
const ledger = postgresLedger(database);
const options = { atlas, ledger, recovery, inFlight: 8 };
const summary = await pushFolder(folder, options, {
  shuffle: true,
  onEvent(event) {
    const { file } = event;
    if (event.kind === "error")
      console.log(JSON.stringify({ file, code: event.error.code, message: event.error.message }));
    if (event.kind === "note") console.log(JSON.stringify({ file, note: event.message }));
  },
});
await ledger.close();
console.log(JSON.stringify({ summary }));
