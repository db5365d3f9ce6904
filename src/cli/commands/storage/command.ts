import type { Command } from "../../args/command.ts";
import { helpFlag, outputFlags } from "../../args/shared-flags.ts";
import { storageEnv, storageFlags } from "../../args/storage.ts";

export const storage: Command = {
  summary: "try out your own bucket, and print the CORS settings that uploads from pages need",
  usage: "check s3://BUCKET/PREFIX/ | cors [s3://BUCKET/]",
  flags: {
    origin: {
      kind: "values",
      value: "URL",
      help: "origin of pages that upload, such as https://app.example.com; may be given several times",
    },
    provider: {
      kind: "value",
      value: "WHICH",
      choices: ["aws", "r2", "gcs"],
      help: "cors: whose format; default: by AWS_ENDPOINT_URL_S3",
    },
    "public-base-url": {
      ...storageFlags["public-base-url"],
      help: "check: base of the addresses that are registered, such as a CDN's",
    },
    format: { ...outputFlags.format, choices: ["text", "json"] },
    help: helpFlag,
  },
  examples: [
    [
      "media-preflight storage check s3://my-bucket/media/",
      "put, read, sign, copy, delete; says what to change",
    ],
    ["media-preflight storage cors --origin https://app.example.com > cors.json", "CORS settings to apply"],
  ],
  notes: storageEnv,
  load: () => import("./run.ts"),
};
