import { unknownCode } from "../../cli/commands/explain/run.ts";
import { explainReason } from "../../fix/explain-reason.ts";
import { explain, explainError } from "../../report/explain/explain.ts";
import { answer } from "../answer.ts";
import { explainCode as schemas } from "../schemas.ts";
import type { Tool } from "./tool.ts";

export const explainCode: Tool<typeof schemas.input> = {
  title: "Explain a code",
  description:
    "What a rule id, an error code, a code of the service or an HTTP status means, its usual cause, and what to do.",
  schemas,
  annotations: { readOnlyHint: true, openWorldHint: false },
  async run({ code }) {
    // Codes that an agent meets are mostly those of errors.
    const explained = explainError(code) ?? explain(code) ?? explainReason(code);
    if (!explained) throw unknownCode(code);
    const { meaning, cause, cure } = explained;
    return answer({ meaning, cause, cure }, `${meaning}\nwhy: ${cause}\nwhat next: ${cure}`);
  },
};
