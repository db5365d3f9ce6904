import { fileRules } from "./file-rules.ts";
import { urlRules } from "./url-rules.ts";

/** Every rule id that a finding can carry. */
export const ruleIds: readonly string[] = [
  ...["image", "video", "audio"].flatMap((kind) => Object.keys(fileRules).map((name) => `${kind}/${name}`)),
  "file/format",
  ...Object.keys(urlRules).map((name) => `url/${name}`),
  ...["images", "videos", "audios"].map((kind) => `set/${kind}-count`),
  ...["videos", "audios"].flatMap((kind) => [`set/${kind}-duration`, `set/${kind}-duration-each`]),
  "set/total-count",
  "set/files",
  "set/model",
  "set/audios-needs-visual",
  "set/frames-exclude-references",
];
