import type { Subject } from "../../rules/verdict.ts";
import type { EmbeddedData } from "../metadata/embedded-data.ts";
import type { Limits } from "./limits.ts";
import type { Source } from "./source.ts";
import type { Attempt, EngineTraits, FixChoices } from "./types.ts";

/** The input of planning for one file. */
export interface Planning {
  source: Source;
  limits: Limits;
  choices: FixChoices;
  attempt: Attempt;
  engine: EngineTraits | null;
  embedded: EmbeddedData | null;
  /** Properties whose rules block, under the strictest reading. */
  blocked: ReadonlySet<Subject>;
}
