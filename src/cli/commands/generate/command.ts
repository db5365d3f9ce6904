import type { Command } from "../../args/command.ts";
import { helpFlag, outputFlags, serviceEnv } from "../../args/shared-flags.ts";

export const generate: Command = {
  summary: "generate a video from asset:// references and print its URLs",
  usage: "--model MODEL [--prompt TEXT] [references]",
  flags: {
    model: { kind: "value", value: "MODEL", help: "id of the model" },
    prompt: { kind: "value", value: "TEXT", help: "prompt" },
    image: { kind: "value", value: "REF", help: "first frame: asset://… or an image URL" },
    "last-image": { kind: "value", value: "REF", help: "last frame: asset://… or an image URL" },
    "reference-image": { kind: "values", value: "REF", help: "a reference image; repeat for more" },
    "reference-video": {
      kind: "values",
      value: "ASSET",
      help: "a reference video, asset://…; repeat for more",
    },
    "reference-audio": {
      kind: "values",
      value: "ASSET",
      help: "a reference audio, asset://…; repeat for more",
    },
    duration: { kind: "value", value: "SECONDS", help: "duration of the video; -1 lets the model choose" },
    resolution: { kind: "value", value: "TIER", help: "480p, 720p, …" },
    ratio: { kind: "value", value: "W:H", help: "16:9, 9:16, …" },
    seed: { kind: "value", value: "N", help: "seed, to repeat a result" },
    "generate-audio": { kind: "switch", help: "generate audio too" },
    watermark: { kind: "switch", help: "add a watermark" },
    "return-last-frame": { kind: "switch", help: "return the last frame too" },
    "body-style": {
      kind: "value",
      value: "STYLE",
      choices: ["flat", "input"],
      help: "where the request has its fields; default flat",
    },
    "allow-url-references": {
      kind: "switch",
      help: "also take public URLs as reference videos and audios (the service's guide requires assets)",
    },
    download: { kind: "value", value: "DIR", help: "save the outputs in DIR" },
    "dry-run": { kind: "switch", help: "check the references; send nothing" },
    deadline: { kind: "value", value: "SECONDS", help: "how long to wait; default 1800" },
    format: { ...outputFlags.format, choices: ["text", "json"] },
    help: helpFlag,
  },
  examples: [
    [
      'media-preflight generate --model seedance-2.0 --prompt "a calm sea" --reference-image asset://…',
      "one reference image",
    ],
  ],
  notes: serviceEnv,
  load: () => import("./run.ts"),
};
