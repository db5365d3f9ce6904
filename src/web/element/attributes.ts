import type { Kind } from "../../facts/formats.ts";
import type { PreflightOptions } from "../../preflight/preflight.ts";
import type { Messages } from "../../report/messages/en.ts";
import type { MediaPreflightAttributes } from "./frameworks.ts";
import type { CheckOptions } from "./session/check-file.ts";

type Attribute = keyof MediaPreflightAttributes;

/** When one of these changes, every file is checked again. */
export const checkAttributes: readonly string[] = [
  "type",
  "rules",
  "limits",
  "strict",
  "accept-unsure",
  "cross-check",
] satisfies Attribute[];

/** When one of these changes, the element is drawn again. */
export const viewAttributes: readonly string[] = [
  "type",
  "rules",
  "locale",
  "endpoint",
  "max-files",
] satisfies Attribute[];

/** The attributes that the element observes; `theme` is for the style sheet alone. */
export const attributes: readonly string[] = [
  ...new Set([...checkAttributes, ...viewAttributes]),
  ...(["wasm-url", "worker-url", "fix-worker-url", "name"] satisfies Attribute[]),
];

/** What files are to be used as; undefined: what their bytes are. */
export function kindOf(element: Element): Kind | undefined {
  const type = element.getAttribute("type");
  return type === "image" || type === "video" || type === "audio" ? type : undefined;
}

/** Which ambiguous readings may be sent: all, or those of the named rules. */
export function acceptUnsureOf(element: Element): boolean | readonly string[] {
  const given = element.getAttribute("accept-unsure");
  return given === null ? false : given === "" || given.split(/[\s,]+/);
}

/** How files are checked. */
export function checkOptionsOf(
  element: Element,
  rules: object | string | null,
  messages: Messages | undefined,
): CheckOptions {
  const attribute = (name: Attribute): string | undefined => element.getAttribute(name) || undefined;
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
