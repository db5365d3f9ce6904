import type { Command } from "../../args/command.ts";
import { checkFlags, configFlags, helpFlag, inputFlags, outputFlags } from "../../args/shared-flags.ts";

export const check: Command = {
  summary: "check files against the limits; sends nothing",
  usage: "[path|glob|url|-]…",
  flags: {
    ...checkFlags,
    set: {
      kind: "value",
      value: "SET",
      help: "also check all files together as the references of one request, such as reference-to-video",
    },
    staged: { kind: "switch", help: "check what git is about to commit, instead of files in the work tree" },
    ...inputFlags,
    ...outputFlags,
    ...configFlags,
    "print-config": { kind: "switch", help: "print the effective configuration and where it comes from" },
    decode: {
      kind: "switch",
      help: "also decode files completely, for damage that headers do not show; needs ffmpeg",
    },
    baseline: { kind: "value", value: "FILE", help: "ignore the findings recorded in FILE" },
    "write-baseline": { kind: "switch", help: "record the current findings in the baseline file" },
    help: helpFlag,
  },
  examples: [
    ["media-preflight check clip.mp4", "one file"],
    ["media-preflight check assets/ --format ndjson", "a folder, one JSON report per line"],
    ["media-preflight check --set reference-to-video a.mp4 b.jpg", "the references of one request"],
    ["media-preflight check --staged", "what the next commit contains, as the git hook does"],
    ["find . -name '*.mov' -print0 | media-preflight check --files-from - -0", "paths from another program"],
    ["media-preflight check https://example.com/clip.mp4", "a public URL, read by ranges"],
  ],
  notes: ["Exit status: 0 all passed, 1 something did not, 2 something could not be checked."],
  load: () => import("./run.ts"),
};
