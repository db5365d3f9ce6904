import type { Explained } from "../report/explain/explain.ts";
import { fixMessages } from "./messages.ts";
import type { CannotCode } from "./plan/types.ts";

/** Why `fix` cannot help, and what to do instead, by `reason.code`. */
const advice: Readonly<Record<CannotCode, readonly [cause: string, cure: string]>> = {
  "not-media": [
    "The bytes are of no image, video or audio format that is known here, whatever the file's name says.",
    "Choose another file.",
  ],
  empty: ["The file has no bytes: a copy or download has not begun or was lost.", "Copy or export it again."],
  type: [
    "One kind of media is asked for (--type, or an option) and the file is of another one.",
    "Ask for the file's own type, or choose another file.",
  ],
  damaged: [
    "Bytes are missing or wrong. A copy made from what is left could lack a part without a word.",
    "Copy, download or export it again.",
  ],
  unread: [
    "A value that a rule needs could not be read, so no plan can be proved to pass.",
    "Run media-preflight inspect to see what was not read; export the file again in a common format.",
  ],
  encrypted: ["The media data are encrypted (DRM).", "Use a file without encryption."],
  "needs-probe": [
    "The format is recognised by name only; ffprobe, or a browser, has to read its tracks first.",
    "Run media-preflight fix, with ffmpeg and ffprobe installed; planFix alone cannot plan it.",
  ],
  "no-table": [
    "The report names a rule table that is not built in.",
    "Pass the table itself: the option rules, or --rules FILE.",
  ],
  "no-format": [
    "The table accepts only formats that cannot be written here, or the chosen one is not accepted.",
    "Choose one of the possible formats that the reason names (--to FORMAT), or none.",
  ],
  "no-codec": [
    "The table accepts only codecs that cannot be written here.",
    "Export the file with an accepted codec; media-preflight rules show TABLE lists them.",
  ],
  "no-size": [
    "No width and height satisfy all limits of the table at this aspect ratio.",
    "Try the other way to change the aspect ratio (--fit pad or crop), or review the table.",
  ],
  "no-frame-rate": ["The table's limits of the frame rate exclude each other.", "Review the table."],
  "too-short": [
    "The recording is shorter than the limit; repeating or slowing it down would change what it shows.",
    "Choose or record a longer one.",
  ],
  "after-end": [
    "--trim states where the kept part starts, and the recording ends before or too soon after it.",
    "Start earlier: a smaller --trim.",
  ],
  "too-small": [
    "The largest size that the table allows leaves too few pixels of this picture.",
    "Crop the original, or choose another file.",
  ],
  "minimum-size": [
    "The table has a minimum size in bytes; filling a file up with nothing would not make it useful.",
    "Export it with higher quality or a larger picture.",
  ],
  "dolby-vision": [
    "This profile's colors mean nothing without Dolby Vision's own conversion.",
    "Export it as HDR10 or SDR in the program that made it.",
  ],
  alpha: [
    "The formats that the table accepts have no transparency.",
    "Name a color that replaces it: --background COLOR.",
  ],
  animation: [
    "The formats that the table accepts hold one picture.",
    "Keep the first picture: --first-frame; or declare the file as a video in a format that has several.",
  ],
  "image-sequence": [
    "The file holds a sequence of images, which is neither one picture nor a video here.",
    "Export one picture, or a video.",
  ],
  "camera-raw": [
    "Raw sensor data become a picture only by choices of a person or program.",
    "Develop it to JPEG, PNG or TIFF.",
  ],
  "no-decoder": [
    "The installed engine lacks a decoder for this format or codec.",
    "Install an ffmpeg with it (for HEIC: libheif's heif-convert, or the package heic-decode), or convert the file elsewhere.",
  ],
  "no-encoder": [
    "The installed engine lacks an encoder for what the plan needs.",
    "Install an ffmpeg with it; in a page, the encoder packages that src/fix/README.md names.",
  ],
  "no-tone-mapping": [
    "Without these filters the colors of an HDR recording would come out wrong.",
    "Install an ffmpeg built with libzimg (zscale) and tonemap, or export the file as SDR.",
  ],
  "no-track": [
    "A rule concerns a track that the file does not have.",
    "Add the track in the program that made the file.",
  ],
  rules: [
    "Some failing rules have no step: the reason's detail lists them.",
    "Run media-preflight explain with each of these rules.",
  ],
};

/** Explains a `reason.code` of fix, such as "too-short"; null for anything else. */
export function explainReason(code: string): Explained | null {
  if (!Object.hasOwn(advice, code)) return null;
  const [cause, cure] = advice[code as CannotCode];
  const message = fixMessages[`cannot.${code as CannotCode}`];
  const text = message.replace(/ \(\{detail\}[^)]*\)|: \{detail\}$/, "").replace("{detail}", "…");
  return { code, kind: "fix", meaning: `${text.charAt(0).toUpperCase()}${text.slice(1)}.`, cause, cure };
}
