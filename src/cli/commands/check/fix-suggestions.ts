import { type FileResult, isUnchecked } from "../../../report/formatters/formatter.ts";
import type { Parsed } from "../../args/parse.ts";

/** The result with `fix` added, if its report is data and a plan can fix it. */
export async function withSuggestion(result: FileResult, args: Parsed): Promise<FileResult> {
  const { format = "text", locale } = args.values;
  if (!format.endsWith("json") || isUnchecked(result) || result.verdict === "pass") return result;
  const [{ suggestionFor }, { loadFixMessages }] = await Promise.all([
    import("../../../fix/suggestion.ts"),
    import("../../../fix/messages.ts"),
  ]);
  const fix = suggestionFor(result, await loadFixMessages(locale));
  // Assigned, not copied: the report's own table is known by its identity.
  return fix ? Object.assign(result, { fix }) : result;
}

/** The lines of `--verbose`; nothing in other formats than text. */
export async function verboseLines(result: FileResult, args: Parsed): Promise<string> {
  const { format = "text", locale } = args.values;
  if (!args.switches.has("verbose") || isUnchecked(result) || format !== "text") return "";
  const [{ planLines }, { loadFixMessages }] = await Promise.all([
    import("./plan-lines.ts"),
    import("../../../fix/messages.ts"),
  ]);
  return planLines(result, await loadFixMessages(locale));
}
