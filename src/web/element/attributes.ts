import type { Kind } from "../../facts/formats.ts";
import type { PreflightOptions } from "../../preflight/preflight.ts";
import type { Messages } from "../../report/messages/en.ts";
import type { CheckOptions } from "./check-file.ts";

/** Another value of these, and every file is checked again. */
export const judgingAttributes: readonly string[] = [
  "type",
  "rules",
  "limits",
  "strict",
  "accept-unsure",
  "cross-check",
];
/** What the element is told in HTML. */
export const attributes: readonly string[] = [
  ...judgingAttributes,
  "wasm-url",
  "worker-url",
  "endpoint",
  "locale",
  "max-files",
  "name",
];
/** Another value of these, and the element is drawn again. */
export const looks: readonly string[] = ["type", "locale", "endpoint", "max-files"];

/** What files are meant as; undefined: what their bytes say. */
export function kindOf(element: Element): Kind | undefined {
  const type = element.getAttribute("type");
  return type === "image" || type === "video" || type === "audio" ? type : undefined;
}

/** Which doubts do not keep a file back: all, or the rules named. */
export function acceptUnsureOf(element: Element): boolean | readonly string[] {
  const given = element.getAttribute("accept-unsure");
  return given === null ? false : given === "" || given.split(/[\s,]+/);
}

/** How files are judged. */
export function judgingOf(element: Element, rules: object | string | null, messages: Messages): CheckOptions {
  const attribute = (name: string): string | undefined => element.getAttribute(name) || undefined;
  const [wasmUrl, workerUrl] = [attribute("wasm-url"), attribute("worker-url")];
  return {
    type: kindOf(element),
    rules: rules ?? undefined,
    limits: attribute("limits") === "observed" ? "observed" : "documented",
    strict: element.hasAttribute("strict"),
    acceptUnsure: acceptUnsureOf(element),
    crossCheck: attribute("cross-check") as PreflightOptions["crossCheck"],
    crossCheckOptions: wasmUrl || workerUrl ? { wasmUrl, workerUrl } : undefined,
    locale: messages,
  };
}
