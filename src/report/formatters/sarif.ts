import { messageWithHint } from "../blocking.ts";
import { escapeControls, escapeInJson } from "../escape.ts";
import { explainRule } from "../explain/rules.ts";
import type { Finding } from "../report.ts";
import { type FormatOptions, type Formatter, isUnchecked, setName, type Unchecked } from "./formatter.ts";

const levels = { fail: "error", unsure: "warning", note: "note", pass: "none" } as const;

/** SARIF 2.1.0 (OASIS, errata 01). It is written at the end, since the rules that occur come before the results. */
export function sarifFormatter(options: FormatOptions = {}): Formatter {
  const results: object[] = [];
  const notifications: object[] = [];
  const ids: string[] = [];
  const add = (finding: Finding, locations: object[], identity: string): void => {
    if (!ids.includes(finding.rule)) ids.push(finding.rule);
    results.push(result(finding, locations, identity, ids.indexOf(finding.rule)));
  };
  return {
    begin: () => "",
    outcome(outcome) {
      if (isUnchecked(outcome)) notifications.push(notification(outcome));
      else
        for (const finding of outcome.findings) {
          if (finding.verdict === "pass") continue;
          add(finding, [locationOf(outcome.file)], outcome.file ?? "");
        }
      return "";
    },
    set(report) {
      for (const finding of report.findings) add(finding, report.files.map(locationOf), setName(report));
      return "";
    },
    end() {
      const log = {
        $schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: [
          {
            tool: {
              driver: {
                name: "media-preflight",
                ...(options.version ? { semanticVersion: options.version } : {}),
                rules: ids.map(rule),
              },
            },
            invocations: [
              {
                executionSuccessful: notifications.length === 0,
                ...(notifications.length ? { toolExecutionNotifications: notifications } : {}),
              },
            ],
            originalUriBaseIds: { "%SRCROOT%": { description: { text: "the root of the checkout" } } },
            columnKind: "utf16CodeUnits",
            results,
          },
        ],
      };
      return `${escapeInJson(JSON.stringify(log, null, 2))}\n`;
    },
  };
}

function rule(id: string): object {
  const explained = explainRule(id);
  return {
    id,
    name: id.replace(/(^|[/-])(\w)/g, (_, _gap, letter: string) => letter.toUpperCase()),
    shortDescription: { text: explained?.meaning ?? id },
    ...(explained
      ? {
          fullDescription: { text: `${explained.meaning} ${explained.cause}` },
          help: { text: explained.cure },
        }
      : {}),
    defaultConfiguration: { level: id.endsWith("/codec") || id.endsWith("/extension") ? "note" : "error" },
  };
}

function result(finding: Finding, locations: object[], identity: string, ruleIndex: number): object {
  const { accepted } = finding;
  return {
    ruleId: finding.rule,
    ruleIndex,
    level: levels[finding.verdict],
    message: { text: escapeControls(messageWithHint(finding)) },
    locations,
    // Rule and place: a finding keeps its identity while the file's numbers change.
    partialFingerprints: { "mediaPreflight/v1": fingerprint(`${finding.rule}\0${identity}`) },
    ...(accepted
      ? {
          suppressions: [
            {
              kind: "external",
              status: "accepted",
              justification: accepted.reason ?? `accepted by ${accepted.by}`,
            },
          ],
        }
      : {}),
    properties: {
      verdict: finding.verdict,
      reason: finding.reason ?? null,
      actual: finding.actual,
      limit: finding.limit,
      unit: finding.unit,
    },
  };
}

function notification({ file, error }: Unchecked): object {
  return {
    level: "error",
    descriptor: { id: error.code },
    message: { text: escapeControls(messageWithHint(error)) },
    locations: [locationOf(file)],
  };
}

function locationOf(file: string | null): object {
  // Code scanning wants a line; media files have none, so it is the first.
  return {
    physicalLocation: { artifactLocation: artifactLocation(file ?? "stdin"), region: { startLine: 1 } },
  };
}

/** A relative path from the folder checked, or an absolute URI. */
function artifactLocation(file: string): object {
  if (/^https?:\/\//i.test(file)) return { uri: encodeURI(wellFormed(file)) };
  const path = file.replaceAll("\\", "/");
  const encoded = path
    .split("/")
    .map((part) => encodeURIComponent(wellFormed(part)))
    .join("/");
  if (path.startsWith("/")) return { uri: `file://${encoded}` };
  if (/^[a-z]:\//i.test(path)) return { uri: `file:///${path.slice(0, 2)}${encoded.slice(4)}` };
  return { uri: encoded.replace(/^(\.\/)+/, ""), uriBaseId: "%SRCROOT%" };
}

/** FNV-1a over UTF-16 code units, 64 bits: an identity, no secret. */
function fingerprint(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (let i = 0; i < text.length; i++)
    hash = BigInt.asUintN(64, (hash ^ BigInt(text.charCodeAt(i))) * 0x100000001b3n);
  return hash.toString(16).padStart(16, "0");
}

/** encodeURIComponent throws on half a surrogate pair, which a file name on disk may hold. */
function wellFormed(text: string): string {
  return text.replace(/\p{Cs}/gu, "\ufffd");
}
