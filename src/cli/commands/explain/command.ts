import type { Command } from "../../args/command.ts";
import { helpFlag, outputFlags } from "../../args/shared-flags.ts";

export const explain: Command = {
  summary: "explain a rule id, an error code or a code of the service",
  usage: "CODE…",
  flags: { format: { ...outputFlags.format, choices: ["text", "json"] }, help: helpFlag },
  examples: [
    ["media-preflight explain PixelCountTooLarge", "an error code of the service"],
    ["media-preflight explain video/frame-rate", "a rule"],
  ],
  load: () => import("./run.ts"),
};
