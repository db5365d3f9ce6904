import { environment } from "../../../bytes/url/runtime.ts";
import { escapeControls } from "../../../report/escape.ts";
import { checkStorage } from "../../../storage/s3/check/check.ts";
import { type CorsProvider, corsCommand, corsSettings } from "../../../storage/s3/check/cors.ts";
import type { StorageCheckStep } from "../../../storage/s3/check/probe.ts";
import { s3Options } from "../../../storage/s3-storage.node.ts";
import type { Run } from "../../args/command.ts";
import { type Parsed, usage } from "../../args/parse.ts";
import { bucketIn } from "../../args/storage.ts";
import { statusLine } from "../../io/stderr-line.ts";
import type { ExitCode, Terminal } from "../../io/terminal.ts";

export const run: Run = async (args, terminal) => {
  const [verb, ...names] = args.positionals;
  if (names.length > 1) throw usage(`storage takes one bucket, not ${names.length}`, "storage");
  if (verb === "check") return await check(names[0], args, terminal);
  if (verb === "cors") return cors(names[0], args, terminal);
  throw usage("storage needs check or cors", "storage");
};

const marks = { ok: "✓", advice: "!", failed: "✗" } as const;

/** Exit code 0: all that is needed works; 1: something has to be changed. */
async function check(name: string | undefined, args: Parsed, terminal: Terminal): Promise<ExitCode> {
  if (name === undefined) throw usage("storage check needs a bucket: s3://my-bucket/prefix/", "storage");
  const isText = args.values.format !== "json";
  const options = s3Options({
    ...bucketIn(name, "storage"),
    publicBaseUrl: args.values["public-base-url"],
  });
  const steps = await checkStorage(options, {
    origins: originsOf(args),
    signal: terminal.signal,
    onStep: isText ? (step) => terminal.out(lineOf(step)) : undefined,
  });
  if (!isText) terminal.out(`${JSON.stringify(steps, null, 2)}\n`);
  return steps.some(({ outcome }) => outcome === "failed") ? 1 : 0;
}

function lineOf({ step, outcome, message, hint }: StorageCheckStep): string {
  const next = hint === null ? "" : `\n    → ${escapeControls(hint)}`;
  return `${marks[outcome]} ${step}: ${escapeControls(message)}${next}\n`;
}

/** Prints JSON on stdout, and how to apply it on stderr. */
function cors(name: string | undefined, args: Parsed, terminal: Terminal): ExitCode {
  const origins = originsOf(args);
  if (origins.length === 0)
    throw usage("storage cors needs the pages' origins: --origin https://app.example.com", "storage");
  const provider = (args.values.provider ?? providerOf(environment("AWS_ENDPOINT_URL_S3"))) as CorsProvider;
  const bucket = name === undefined ? "BUCKET" : bucketIn(name, "storage").bucket;
  terminal.out(`${JSON.stringify(corsSettings(provider, origins), null, 2)}\n`);
  terminal.err(statusLine(`to apply it: ${corsCommand(provider, bucket)}`));
  return 0;
}

function providerOf(endpoint: string | undefined): CorsProvider {
  const host = endpoint && URL.canParse(endpoint) ? new URL(endpoint).hostname : "";
  if (host.endsWith(".r2.cloudflarestorage.com")) return "r2";
  return host === "storage.googleapis.com" ? "gcs" : "aws";
}

/** @throws MediaPreflightError `usage` for what is no origin: a path, or "*" */
function originsOf({ lists }: Parsed): string[] {
  return (lists.origin ?? []).map((text) => {
    const url = URL.canParse(text) ? new URL(text) : null;
    if (!url || url.origin === "null" || !/^https?:$/.test(url.protocol) || url.href !== `${url.origin}/`)
      throw usage(`${text} is not an origin such as https://app.example.com`, "storage");
    return url.origin;
  });
}
