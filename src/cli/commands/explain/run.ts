import { MediaPreflightError } from "../../../errors.ts";
import { explainReason } from "../../../fix/explain-reason.ts";
import { type Explained, explain, explainAll, explainable } from "../../../report/explain/explain.ts";
import { nearestWord } from "../../../validation/nearest-word.ts";
import type { Run } from "../../args/command.ts";
import { usage } from "../../args/parse.ts";
import { errorLine } from "../../io/stderr-line.ts";
import type { ExitCode } from "../../io/terminal.ts";

export const run: Run = async (args, terminal) => {
  if (args.positionals.length === 0)
    throw usage("explain needs a rule id, an error code, a code of the service or an HTTP status", "explain");
  const found: Explained[] = [];
  let code: ExitCode = 0;
  for (const word of args.positionals) {
    const explained = explainAll(word);
    const reason = explained.length === 0 ? explainReason(word) : null;
    found.push(...explained, ...(reason ? [reason] : []));
    if (explained.length === 0 && reason === null) {
      code = 2;
      terminal.err(errorLine(unknownCode(word)));
    }
  }
  if (args.values.format === "json") terminal.out(`${JSON.stringify(found, null, 2)}\n`);
  else terminal.out(found.map(textOf).join("\n"));
  return code;
};

/** The error for a code that is not known, with the nearest one that is. */
export function unknownCode(code: string): MediaPreflightError {
  const [kind, subject] = code.includes("/") ? code.split("/") : [null, code];
  const word = nearestWord((subject ?? "").replace(/^InvalidParameter\./, ""), explainable());
  const near = word && kind !== null && explain(`${kind}/${word}`) ? `${kind}/${word}` : word;
  const hint = near
    ? `did you mean ${near}?`
    : "all codes are listed in src/report/explain/README.md of the package";
  return new MediaPreflightError("usage", `there is no code ${code}`, { hint });
}

const kindNames = {
  rule: "rule",
  error: "error of media-preflight",
  upstream: "code of the service",
  status: "HTTP status",
  fix: "reason of fix",
} as const;

function textOf(explained: Explained): string {
  const { code, kind, meaning, cause, cure, rule } = explained;
  const local =
    kind !== "upstream"
      ? ""
      : rule
        ? `  local rule: ${rule} (media-preflight explain ${rule})\n`
        : "  local rule: none; only the service can tell\n";
  return `${code} (${kindNames[kind]})\n  ${meaning}\n  why: ${cause}\n  what next: ${cure}\n${local}`;
}
