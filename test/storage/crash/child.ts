/**
 * The process that is killed: one push over a folder, through the bucket. Its configuration is its only argument, keys
 * are in the environment. Events go to stdout, one JSON a line; the exit status says whether anything is left to do.
 */
import { createAtlasClient } from "../../../src/atlas/client.node.ts";
import { fileLedger } from "../../../src/ledger/file/file-ledger.node.ts";
import { s3Storage } from "../../../src/storage/s3-storage.node.ts";
import { printEvent, pushFolder, retry } from "../../submit/crash/push-folder.ts";

export interface ChildConfig {
  folder: string;
  ledger: string;
  bucket: string;
  prefix: string;
  /** Milliseconds without progress until a request is aborted. */
  timeout: number;
  recovery: { betweenSearches: number; afterRequest: number };
}

const config = JSON.parse(process.argv[2] ?? "{}") as ChildConfig;
const { folder, ledger, bucket, prefix, timeout, recovery } = config;
const partSize = 5 * 1024 * 1024;
const options = {
  atlas: createAtlasClient({ timeout, retry }),
  storage: s3Storage({ bucket, prefix, timeout, retry, partSize, multipartAbove: partSize }),
  ledger: fileLedger(ledger),
  recovery,
};
const summary = await pushFolder(folder, options, { onEvent: printEvent });
const peakMemory = process.resourceUsage().maxRSS * 1024;
console.log(JSON.stringify({ kind: "summary", ...summary, peakMemory }));
