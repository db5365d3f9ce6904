/**
 * The process that is killed: one push over a folder. Its config is its only argument, the key is in the
 * environment. Events go to stdout, one JSON a line; the exit status says whether anything is left to do.
 */
import { createAtlasClient } from "../../../src/atlas/client.node.ts";
import { fileLedger } from "../../../src/ledger/file/file-ledger.node.ts";
import { printEvent, pushFolder, retry } from "./push-folder.ts";

export interface ChildConfig {
  folder: string;
  ledger: string;
  port: number;
  /** Milliseconds without progress until a request is aborted. */
  timeout: number;
  recovery: { betweenSearches: number; afterRequest: number };
}

const { folder, ledger, port, timeout, recovery } = JSON.parse(process.argv[2] ?? "{}") as ChildConfig;
const base = `http://127.0.0.1:${port}`;
const atlas = createAtlasClient({
  apiBaseUrl: `${base}/api/v1`,
  consoleBaseUrl: `${base}/console/v1`,
  timeout,
  retry,
});
const options = { atlas, ledger: fileLedger(ledger), recovery };
const summary = await pushFolder(folder, options, { onEvent: printEvent });
console.log(JSON.stringify({ kind: "summary", ...summary }));
