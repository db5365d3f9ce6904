import type { Explanation } from "./explanation.ts";
import { fileRules } from "./file-rules.ts";
import { setRules } from "./set-rules.ts";
import { urlRules } from "./url-rules.ts";

/** Explanations by the second half of a rule id; the first is `file`, `image`, `video`, `audio`, `url` or `set`. */
export const rules: Readonly<Record<string, Explanation>> = { ...fileRules, ...urlRules, ...setRules };

/** Explains a rule id: `video/pixels`, `set/videos-count`, or the second half alone. */
export function explainRule(id: string): Explanation | null {
  const slash = id.indexOf("/");
  const rest = id.slice(slash + 1);
  const key = id.startsWith("set/")
    ? `set-${rest.replace(/^(images|videos|audios|frames|total)-/, "")}`
    : rest;
  return (Object.hasOwn(rules, key) ? rules[key] : null) ?? null;
}
