import type { Report } from "../report/report.ts";

/**
 * A report as a page may see it: no absolute path of this server, which the error of a library could have brought into
 * a message.
 */
export function publicReport(report: Report): Report {
  const text = JSON.stringify(report, (_, value: unknown) =>
    typeof value === "string" ? hideLocalPaths(value) : value,
  );
  return { ...(JSON.parse(text) as Report), file: report.file };
}

const localPath = /(?<![\w:/\\.])(?:file:\/{2,3}|[A-Za-z]:[\\/]|\/)[\w@+.~-]+(?:[\\/][\w@+.~-]+)+/g;

/** Replaces absolute paths and file: URLs; leaves http(s) URLs alone. */
export function hideLocalPaths(text: string): string {
  return text.replace(localPath, "…");
}
