import type { CallToolResult } from "@modelcontextprotocol/server";
import { limit } from "../../async/limit.ts";
import { redactUrl } from "../../bytes/url/redact.ts";
import { allowedByLocalService } from "../../cli/config/local-service.ts";
import { isMediaPreflightError, MediaPreflightError, throwIfAborted } from "../../errors.ts";
import { nodePreflight } from "../../preflight/preflight.node.ts";
import { textFormatter } from "../../report/formatters/text.ts";
import type { Report } from "../../report/report.ts";
import { withAllowedFile } from "../allowed-file.ts";
import { answer, failure } from "../answer.ts";
import type { CheckSettings } from "../context.ts";
import { namedFiles } from "../folder-files.ts";
import { maxFiles, checkMedia as schemas } from "../schemas.ts";
import type { Call, Tool } from "./tool.ts";
import { publicUrl } from "./url.ts";

export const checkMedia: Tool<typeof schemas.input> = {
  title: "Check media",
  description:
    "Checks images, videos and audio against a service's published limits, from their headers. Sends nothing. " +
    "Each report has a verdict (pass, unsure, fail) and findings, each with what to do. Only a file that passes can be " +
    "registered; fix_media makes a copy that passes. " +
    `A folder stands for the media below it, up to ${maxFiles} files.`,
  schemas,
  annotations: { readOnlyHint: true, openWorldHint: true },
  async run({ paths = [], urls = [], type, rules }, call) {
    if (paths.length + urls.length === 0)
      throw new MediaPreflightError("usage", "nothing to check", { hint: "give paths or urls" });
    const settings = await call.context.checkSettings({ type, rules });
    const named = await namedFiles(paths, {
      folders: call.context.folders,
      maxFiles,
      isIgnored: (path) => settings.policy.forPath(path) === null,
      signal: call.signal,
    });
    const checks = [
      ...named.paths.map((path) => () => checkPath(path, settings, call)),
      ...urls.map((url) => () => checkUrl(url, settings, call)),
    ];
    return resultOf([...named.errors, ...(await checkAll(checks, call))]);
  },
};

type Check = () => Promise<Report>;

/** Files and URLs checked at a time: few enough for one server of all URLs. */
const concurrency = 4;

async function checkAll(
  checks: readonly Check[],
  { progress, signal }: Call,
): Promise<(Report | MediaPreflightError)[]> {
  const limited = limit(concurrency);
  let done = 0;
  return await Promise.all(
    checks.map((check) =>
      limited(async () => {
        throwIfAborted(signal);
        try {
          return await check();
        } catch (error) {
          if (!isMediaPreflightError(error) || signal.aborted || error.code === "bad-table") throw error;
          return error;
        } finally {
          progress(++done, checks.length, "checking");
        }
      }),
    ),
  );
}

async function checkPath(
  givenPath: string,
  settings: CheckSettings,
  { context, signal }: Call,
): Promise<Report> {
  return await withAllowedFile(givenPath, context.folders, async ({ path }) => {
    const report = await nodePreflight.preflight(path, {
      ...settings.optionsFor(givenPath),
      name: givenPath,
      signal,
    });
    settings.policy.accept(report, givenPath);
    return report;
  });
}

async function checkUrl(url: string, settings: CheckSettings, { signal }: Call): Promise<Report> {
  const allowPrivate = allowedByLocalService(process.env);
  const address = publicUrl(url);
  const report = await nodePreflight.preflight(address, { ...settings.general, allowPrivate, signal });
  report.file = redactUrl(address);
  return report;
}

/** A path or URL that cannot be checked makes the call an error; the others are reported nevertheless. */
function resultOf(results: readonly (Report | MediaPreflightError)[]): CallToolResult {
  const errors = results.filter(isMediaPreflightError);
  const reports = results.filter((result): result is Report => !isMediaPreflightError(result));
  const structured = { reports };
  const text = reportText(reports);
  return errors.length > 0 ? failure(errors, { structured, text }) : answer(structured, text);
}

/** Reports for people and models. */
export function reportText(reports: readonly Report[]): string {
  if (reports.length === 0) return "";
  const formatter = textFormatter({ width: Number.POSITIVE_INFINITY });
  return formatter.begin() + reports.map((report) => formatter.outcome(report)).join("") + formatter.end();
}
