import type { Command } from "../../args/command.ts";
import { help, judging, listing, showing } from "../../args/shared-flags.ts";

export const inspect: Command = {
  summary: "show a file's facts, with every reading; evaluates no rules",
  usage: "FILE…",
  flags: {
    "cross-check": judging["cross-check"],
    "allow-private": judging["allow-private"],
    ...listing,
    format: { ...showing.format, choices: ["text", "json", "ndjson"] },
    help,
  },
  examples: [
    ["media-preflight inspect clip.mp4", "the facts of one file"],
    ["media-preflight inspect clip.mp4 --cross-check always", "with MediaInfo's readings"],
  ],
  load: () => import("./run.ts"),
};
