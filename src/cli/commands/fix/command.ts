import type { Command } from "../../args/command.ts";
import { checkFlags, configFlags, helpFlag, inputFlags, outputFlags } from "../../args/shared-flags.ts";
import { fixChoices } from "./choice-flags.ts";

export const fix: Command = {
  summary: "write a copy that passes; the original is never changed",
  usage: "[path|glob]…",
  flags: {
    ...fixChoices,
    out: { kind: "value", value: "DIR", help: "write copies there; default beside each original" },
    "dry-run": { kind: "switch", help: "print the plan, write nothing" },
    deadline: { kind: "value", value: "SECONDS", help: "how long one file may take; default 1800" },
    ...checkFlags,
    ...inputFlags,
    format: { ...outputFlags.format, choices: ["text", "json", "ndjson"] },
    locale: outputFlags.locale,
    quiet: { ...outputFlags.quiet, help: "show only what could not be fixed" },
    verbose: { ...outputFlags.verbose, help: "also show the equivalent ffmpeg command" },
    ...configFlags,
    help: helpFlag,
  },
  examples: [
    ["media-preflight fix clip.mp4", "writes clip.fixed.mp4 beside it"],
    ["media-preflight fix shots/ --out ready/", "a folder; run it again to continue where it stopped"],
    ["media-preflight fix wide.mp4 --fit crop --trim 4", "crop, and keep the part from second 4 on"],
    ["media-preflight fix shots/ --dry-run", "what would be done, and what would be lost"],
  ],
  notes: [
    "Needs ffmpeg with ffprobe on PATH, or named in FFMPEG_PATH; still images use sharp if it is installed.",
    "Exit status: 0 every file passes now, 1 some cannot be fixed, 2 no engine, usage or I/O.",
  ],
  load: () => import("./run.ts"),
};
