import { noFacts } from "../facts/evidence.ts";
import type { SetRules } from "../rules/schema.ts";
import { judgeSet, type References, type SetOptions } from "../rules/sets.ts";
import type { Messages } from "./messages/en.ts";
import { render } from "./render.ts";
import type { Finding } from "./report.ts";

/** What of a set's rules did not pass, and notes, as findings. */
export function setFindings(
  set: SetRules,
  references: References,
  options: SetOptions & { messages: Messages },
): Finding[] {
  return judgeSet(set, references, options)
    .filter((judgement) => judgement.verdict !== "pass")
    .map((judgement) => render(judgement, noFacts, options.messages));
}
