import type { Command } from "../../args/command.ts";
import { help, showing } from "../../args/shared-flags.ts";

export const explain: Command = {
  summary: "explain a rule id, an error code or a code of the service",
  usage: "CODE…",
  flags: { format: { ...showing.format, choices: ["text", "json"] }, help },
  examples: [
    ["media-preflight explain PixelCountTooLarge", "an error code of the service"],
    ["media-preflight explain video/frame-rate", "a rule"],
  ],
  load: () => import("./run.ts"),
};
