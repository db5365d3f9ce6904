import { messageWithHint } from "../blocking.ts";
import { escapeControls, escapeInJson } from "../escape.ts";
import { explainRule } from "../explain/rules.ts";
import type { Finding } from "../report.ts";
import { type FormatOptions, type Formatter, isUnchecked, type Unchecked } from "./formatter.ts";

const levels = { fail: "error", unsure: "warning", note: "note", pass: "none" } as const;

/** SARIF 2.1.0 (OASIS, errata 01). The rules met are in the tool's metadata, so it is written at the end. */
export function sarifFormatter(options: FormatOptions = {}): Formatter {
  const results: object[] = [];
  const notifications: object[] = [];
  const ids: string[] = [];
  return {
    begin: () => "",
    outcome(outcome) {
      if (isUnchecked(outcome)) notifications.push(notification(outcome));
      else
        for (const finding of outcome.findings) {
          if (finding.verdict === "pass") continue;
          if (!ids.includes(finding.rule)) ids.push(finding.rule);
          results.push(result(finding, outcome.file, ids.indexOf(finding.rule)));
        }
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
            originalUriBaseIds: { "%SRCROOT%": { description: { text: "the folder that was checked" } } },
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

function result(finding: Finding, file: string | null, ruleIndex: number): object {
  const { accepted } = finding;
  return {
    ruleId: finding.rule,
    ruleIndex,
    level: levels[finding.verdict],
    message: { text: escapeControls(messageWithHint(finding)) },
    locations: [place(file)],
    // The rule and the place: the same finding keeps its identity while the file's numbers change.
    partialFingerprints: { "mediaPreflight/v1": fingerprint(`${finding.rule}\0${file ?? ""}`) },
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
    locations: [place(file)],
  };
}

function place(file: string | null): object {
  return { physicalLocation: { artifactLocation: address(file ?? "stdin") } };
}

/** A relative path from the folder checked, or an absolute URI. */
function address(file: string): object {
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
