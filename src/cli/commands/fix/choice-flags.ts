import type { Flags } from "../../args/parse.ts";

/** What a person decides about a fix: flags of fix, and of push --fix. */
export const fixChoices = {
  fit: {
    kind: "value",
    value: "HOW",
    choices: ["pad", "crop"],
    help: "where the aspect ratio is outside its limit: pad (default) keeps all of the picture, crop cuts it",
  },
  "pad-color": { kind: "value", value: "COLOR", help: "color of the borders, #rrggbb; default #000000" },
  trim: {
    kind: "value",
    value: "S",
    help: "where the kept part starts, in seconds, if a recording is too long; default 0",
  },
  to: { kind: "value", value: "FORMAT", help: "write this format, such as png or mp3" },
  background: {
    kind: "value",
    value: "COLOR",
    help: "color that replaces transparency, #rrggbb, where it cannot be kept",
  },
  "first-frame": { kind: "switch", help: "keep only the first frame of an animation" },
  compatible: { kind: "switch", help: "also make H.264, 8-bit SDR and AAC, which everything plays" },
} as const satisfies Flags;
