import type { Explanation } from "./explanation.ts";

/** By the second half of a rule id; `file`, `image`, `video`, `audio`, `url` and `set` come before the slash. */
export const rules: Readonly<Record<string, Explanation>> = {
  type: {
    meaning: "The bytes are another kind of file than was declared.",
    cause: "An image was declared as a video, or the like. The service answers TypeMismatch.",
    cure: "Declare the kind that the file is, or choose another file.",
  },
  format: {
    meaning: "The file's format is not one that the service accepts.",
    cause: "The format is told from the bytes, never from the name: a WebM called .mp4 is a WebM.",
    cure: "Convert the file to one of the formats that the finding lists.",
  },
  size: {
    meaning: "The file has more bytes than the service takes.",
    cause:
      "A printed limit in MB has two readings, 1,000,000 and 1,048,576 bytes; between them a file is unsure unless the service was seen to accept it.",
    cure: "Re-encode at the bit rate, or compress to the size, that the finding names.",
  },
  width: {
    meaning: "The picture's width as displayed is outside the limit.",
    cause: "Orientation, cropping and non-square pixels are applied before it is measured.",
    cure: "Scale, pad or crop to the size that the finding names.",
  },
  height: {
    meaning: "The picture's height as displayed is outside the limit.",
    cause: "Orientation, cropping and non-square pixels are applied before it is measured.",
    cure: "Scale, pad or crop to the size that the finding names.",
  },
  "aspect-ratio": {
    meaning: "The picture is too wide or too tall for its other side.",
    cause: "Width over height, as displayed, is outside the limit.",
    cure: "Pad or crop to the size that the finding names; scaling does not help.",
  },
  pixels: {
    meaning: "Width times height is outside the limit.",
    cause:
      "The limit is on the number of pixels, not on a side: 1920×1080 is 2,073,600. 848×480 is called 480p and is still too small.",
    cure: "Scale to the size that the finding names.",
  },
  resolution: {
    meaning: "The video belongs to a size tier that the service does not accept.",
    cause: "480p and 720p name tiers of output sizes; a clip's tier is the one nearestWord by pixel count.",
    cure: "Scale to a size of an accepted tier.",
  },
  duration: {
    meaning: "The clip is too short or too long.",
    cause:
      "The presented duration counts; container and tracks may differ, and all of their claims are weighed.",
    cure: "Trim or lengthen it by what the finding names.",
  },
  "frame-rate": {
    meaning: "The video has too few or too many frames a second.",
    cause: "The average is exact: 24000/1001 is 23.976, though it is called 24.",
    cure: "Re-encode at the rate that the finding names.",
  },
  "frame-rate-mode": {
    meaning: "The video's frames are not spaced as the table wants.",
    cause: "Phones and screen recorders write frames at varying distances.",
    cure: "Re-encode at a constant frame rate.",
  },
  integrity: {
    meaning: "The file lacks bytes that its own headers promise, or holds nothing to show.",
    cause: "An upload, a download or a copy was cut, or the program that wrote it did not finish.",
    cure: "Fetch or export the file again.",
  },
  codec: {
    meaning: "The codec is not one that the service names. A note, unless a table makes it more.",
    cause: "Upstream says H.264 or H.265 video, AAC or MP3 audio; Atlas Cloud prints no list.",
    cure: "If the service answers TranscodingFailed, re-encode as H.264 with AAC.",
  },
  extension: {
    meaning: "The file's name promises another format than its bytes hold. A note.",
    cause: "Somebody renamed the file, or an export chose the wrong extension.",
    cure: "Rename the file; what counts is in the bytes.",
  },
  crossCheck: {
    meaning: "A second opinion was asked for and did not come. A note.",
    cause: "The library that gives it failed, took too long, or is not installed.",
    cure: "Nothing needs to be done: the verdict rests on this package's own readers.",
  },
  "sample-rate": {
    meaning: "The sound's sample rate is not one that the table accepts.",
    cause: "The first audio track's sample rate counts.",
    cure: "Resample the sound.",
  },
  channels: {
    meaning: "The sound has more or fewer channels than the table accepts.",
    cause: "The first audio track's channels count.",
    cure: "Mix it to another number of channels.",
  },
  "bit-rate": {
    meaning: "The file's average bit rate is outside the table's limit.",
    cause: "It is the whole file's size over its duration.",
    cure: "Re-encode at another bit rate.",
  },
  frames: {
    meaning: "The number of frames is outside the table's limit.",
    cause: "Samples of a video, or pictures of an animation, are counted.",
    cure: "Trim the clip, or export a single picture.",
  },
  rotation: {
    meaning: "The picture is stored turned, in a way that the table does not accept.",
    cause: "Phones store a turn beside the picture instead of turning it.",
    cure: "Export it with the turn applied.",
  },
  "pixel-aspect-ratio": {
    meaning: "The pixels are not of the shape that the table accepts.",
    cause: "Anamorphic video stores pixels wider or taller than they are shown.",
    cure: "Re-encode with square pixels.",
  },
  encrypted: {
    meaning: "Whether the file is encrypted is not what the table wants.",
    cause: "Its tracks are protected by Common Encryption or FairPlay, and decode only with a key.",
    cure: "Export it without copy protection.",
  },
  truncated: {
    meaning: "Whether the file is cut is not what the table wants.",
    cause: "Bytes that the headers promise are missing.",
    cure: "Fetch or export the file again.",
  },
  scheme: {
    meaning: "The address is not one of http or https.",
    cause: "The service fetches registered addresses by a plain GET.",
    cure: "Give a public http(s) address.",
  },
  data: {
    meaning: "The address is a data: URL, which holds the file itself.",
    cause: "The service wants an address that it can fetch.",
    cure: "Save the file and push it, or put it on public storage.",
  },
  "private-address": {
    meaning: "The address is private, loopback or otherwise not reachable by the service.",
    cause: "It names, resolves to or redirects to a machine that only you can see.",
    cure: "Put the file where everybody can fetch it, or push the file itself.",
  },
  "share-link": {
    meaning: "The address is a share link: it gives a page about the file, not the file.",
    cause: "Drives and photo services hand out pages for people.",
    cure: "Download the file and push it, or take the service's direct download address.",
  },
  "sign-in": {
    meaning: "The address wants a sign-in.",
    cause: "The service fetches without cookies or credentials.",
    cure: "Make the file public, or use a presigned address.",
  },
  "viewer-page": {
    meaning: "The address answers with a web page in place of media.",
    cause: "It leads to a viewer, or to an error page that calls itself a success.",
    cure: "Open it in a private window: what must come is the file, with no page around it.",
  },
  redirect: {
    meaning: "The address redirects: a note where it ends well, else a failure.",
    cause: "Too many redirects, or one to another scheme.",
    cure: "Give the address where the redirects end.",
  },
  unverified: {
    meaning: "The URL could not be checked to the end, so it is unsure.",
    cause:
      "The server answers too slowly or a few bytes at a time, or a proxy does not connect to its address.",
    cure: "Host the file where ranges are answered faster, allow the proxy to connect, or push the file itself.",
  },
  "not-found": {
    meaning: "The address does not answer a plain GET with the file.",
    cause: "The file is gone, or the server answers with an error.",
    cure: "Check the address in a private window.",
  },
  "content-type": {
    meaning: "The server says something about the bytes that does not fit them.",
    cause: "The storage was not told the file's type, or encodes it.",
    cure: "Set the object's Content-Type, and send it without Content-Encoding.",
  },
  expires: {
    meaning: "The address has expired, or is about to.",
    cause: "A presigned address is good for a while only, and the service fetches it later than you do.",
    cure: "Sign it for longer.",
  },
  "set-count": {
    meaning: "A generation request has more references, or fewer, than the model takes.",
    cause: "Models limit reference images, videos and audios each.",
    cure: "Leave some out, or add what is missing.",
  },
  "set-duration": {
    meaning: "The references of one kind are together longer than the model takes.",
    cause: "The limit is on the sum of their durations.",
    cure: "Trim them, or leave one out.",
  },
  "set-duration-each": {
    meaning: "One of the references is too short or too long for the model.",
    cause: "Each clip has a limit of its own beside that on their sum.",
    cure: "Trim or lengthen that clip.",
  },
  "set-needs-visual": {
    meaning: "A reference audio stands alone where the model wants a picture with it.",
    cause: "Seedance 2.0 takes reference audio only beside a reference image or video.",
    cure: "Add a reference image or video.",
  },
  "set-exclude-references": {
    meaning: "First or last frames and references are in one request.",
    cause: "The model takes either the one or the other.",
    cure: "Leave out the frames, or the references.",
  },
};

/** What a rule id means: `video/pixels`, `set/videos-count`, or the second half alone. */
export function explainRule(id: string): Explanation | null {
  const slash = id.indexOf("/");
  const rest = id.slice(slash + 1);
  const key = id.startsWith("set/") ? `set-${rest.replace(/^(images|videos|audios|frames)-/, "")}` : rest;
  return (Object.hasOwn(rules, key) ? rules[key] : null) ?? null;
}

const words = Object.keys(rules);
const ofUrls = [
  "scheme",
  "data",
  "private-address",
  "share-link",
  "sign-in",
  "viewer-page",
  "redirect",
  "not-found",
  "content-type",
  "expires",
  "unverified",
];

/** Every rule id that a finding can carry. */
export const ruleIds: readonly string[] = [
  ...["image", "video", "audio"].flatMap((kind) =>
    words
      .filter((word) => !word.startsWith("set-") && !ofUrls.includes(word))
      .map((word) => `${kind}/${word}`),
  ),
  "file/format",
  ...ofUrls.map((word) => `url/${word}`),
  ...["images", "videos", "audios"].map((kind) => `set/${kind}-count`),
  ...["videos", "audios"].flatMap((kind) => [`set/${kind}-duration`, `set/${kind}-duration-each`]),
  "set/audios-needs-visual",
  "set/frames-exclude-references",
];
