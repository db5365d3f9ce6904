import type { Finding, Report } from "../../report/report.ts";
import type { ValidationResult } from "../store.ts";

/** The service's codes by rule; two if they differ by direction. */
const codes: Record<string, string | readonly [tooSmall: string, tooLarge: string]> = {
  type: "TypeMismatch",
  format: "FormatUnsupported",
  size: "FileSizeTooLarge",
  duration: ["DurationTooShort", "DurationTooLong"],
  width: ["WidthTooSmall", "WidthTooLarge"],
  height: ["HeightTooSmall", "HeightTooLarge"],
  "aspect-ratio": ["AspectRatioTooSmall", "AspectRatioTooLarge"],
  pixels: ["PixelCountTooSmall", "PixelCountTooLarge"],
  "frame-rate": ["FpsTooLow", "FpsTooHigh"],
  integrity: "TranscodingFailed",
};

/** Numbers for the toggle `numericErrorCodes`; invented, since the service publishes none. */
const firstNumericCode = 40_001;

/** The service's code for a finding. */
export function codeFor(finding: Finding, report: Report): string {
  const rule = finding.rule.slice(finding.rule.indexOf("/") + 1);
  if (rule === "format" && report.facts.format === null) return "FormatUndetectable";
  const code = codes[rule] ?? "TranscodingFailed";
  if (typeof code === "string") return code;
  return below(finding) ? code[0] : code[1];
}

function below({ actual, limit }: Finding): boolean {
  const floor = limit?.min ?? limit?.above;
  return typeof actual === "number" && typeof floor === "number" && actual <= floor;
}

/**
 * What the service decides about a checked file. Files whose readings disagree (`unsure`) have passed there; what
 * cannot be read at all cannot be transcoded either.
 */
export function outcomeOf(report: Report): ValidationResult {
  const blocking = report.findings.filter((f) => f.verdict === "fail" || f.reason === "unread");
  const first = blocking.find((f) => f.verdict === "fail") ?? blocking[0];
  if (!first) return { status: "Active" };
  const code = codeFor(first, report);
  return { status: "Failed", code: `InvalidParameter.${code}`, message: `${code}: ${first.message}` };
}

/** A code as a number, for clients that expect one. */
export function numericCode(code: string): number {
  const known = Object.values(codes).flat();
  const at = known.indexOf(code.replace(/^InvalidParameter\./, ""));
  return firstNumericCode + (at < 0 ? known.length : at);
}
