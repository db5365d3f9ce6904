import type { Command } from "../../args/command.ts";
import { checkFlags, helpFlag, inputFlags, outputFlags } from "../../args/shared-flags.ts";

export const inspect: Command = {
  summary: "show a file's facts, with every reading; evaluates no rules",
  usage: "FILE…",
  flags: {
    "cross-check": checkFlags["cross-check"],
    "allow-private": checkFlags["allow-private"],
    ...inputFlags,
    format: { ...outputFlags.format, choices: ["text", "json", "ndjson"] },
    help: helpFlag,
  },
  examples: [
    ["media-preflight inspect clip.mp4", "the facts of one file"],
    ["media-preflight inspect clip.mp4 --cross-check always", "with MediaInfo's readings"],
  ],
  load: () => import("./run.ts"),
};
