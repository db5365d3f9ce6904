import type { Explanation } from "./explanation.ts";

/** Explanations by the second half of a rule id; the first is `file`, `image`, `video`, `audio`, `url` or `set`. */
export const rules: Readonly<Record<string, Explanation>> = {
  type: {
    meaning: "The file is not of the declared type.",
    cause: "For example, an image was declared as a video. The service answers TypeMismatch.",
    cure: "Choose another file, or declare this file's own kind.",
  },
  format: {
    meaning: "The service does not accept the file's format.",
    cause: "The format is detected from the bytes, never from the name: a WebM named .mp4 is still a WebM.",
    cure: "Convert the file to one of the formats that the finding lists.",
  },
  size: {
    meaning: "The file has more bytes than the service accepts.",
    cause:
      "A limit printed in MB has two readings, 1,000,000 and 1,048,576 bytes. Between them a file is unsure, unless the service has been seen to accept it.",
    cure: "Re-encode at the bit rate that the finding names, or compress to its size.",
  },
  width: {
    meaning: "The displayed width is outside the limit.",
    cause: "It is measured after orientation, cropping and non-square pixels are applied.",
    cure: "Scale, pad or crop to the size that the finding names.",
  },
  height: {
    meaning: "The displayed height is outside the limit.",
    cause: "It is measured after orientation, cropping and non-square pixels are applied.",
    cure: "Scale, pad or crop to the size that the finding names.",
  },
  "aspect-ratio": {
    meaning: "The picture is too wide or too tall for its other side.",
    cause: "The displayed width divided by the displayed height is outside the limit.",
    cure: "Pad or crop to the size that the finding names; scaling does not help.",
  },
  pixels: {
    meaning: "Width times height is outside the limit.",
    cause:
      "The limit is on the number of pixels, not on a side: 1920×1080 is 2,073,600. 848×480 is called 480p and is still too small.",
    cure: "Scale to the size that the finding names.",
  },
  resolution: {
    meaning: "The video belongs to a resolution tier that the service does not accept.",
    cause: "480p and 720p name tiers of output sizes; a clip's tier is the one nearest by number of pixels.",
    cure: "Scale to a size of an accepted tier.",
  },
  duration: {
    meaning: "The clip is too short or too long.",
    cause:
      "The duration of the presentation counts. The container, tracks and headers may state different durations; each is a reading.",
    cure: "Trim or lengthen it to what the finding names, or make the readings agree as its hint says.",
  },
  "frame-rate": {
    meaning: "The video has too few or too many frames per second.",
    cause: "The exact average counts: 24000/1001 is 23.976, even though it is called 24.",
    cure: "Re-encode at the rate that the finding names.",
  },
  "frame-rate-mode": {
    meaning: "The frames are not spaced as the table requires.",
    cause: "Phones and screen recorders write frames at varying intervals.",
    cure: "Re-encode at a constant frame rate.",
  },
  integrity: {
    meaning: "The file is damaged or incomplete.",
    cause: "An upload, download or copy was cut, a program did not finish writing it, or bytes were changed.",
    cure: "Copy, download or export the file again.",
  },
  codec: {
    meaning:
      "The service does not list this codec. This is a note, unless the rule table makes it a failure.",
    cause:
      "The upstream documentation names H.264 or H.265 video, and AAC or MP3 audio; Atlas Cloud lists none.",
    cure: "If the service answers TranscodingFailed, re-encode as H.264 with AAC.",
  },
  extension: {
    meaning: "The file's extension does not match its format. This is a note.",
    cause: "Somebody renamed the file, or a program wrote the wrong extension.",
    cure: "Rename the file. The service looks only at the bytes.",
  },
  "cross-check": {
    meaning:
      "A requested cross-check gave no result. This is a note, unless the cross-check is required: then the file is unsure.",
    cause:
      'The library failed, took too long, is not installed, or its WebAssembly is not the pinned one. push and submit on Node.js require MediaInfo for every video; crossCheck: "always" requires a cross-check of every file.',
    cure: "A note needs nothing: the verdict comes from this package's own parsers. Otherwise try again, install the package again, or choose --cross-check never.",
  },
  "sample-rate": {
    meaning: "The table does not accept the sample rate.",
    cause: "The sample rate of the first audio track counts.",
    cure: "Resample the audio.",
  },
  channels: {
    meaning: "The table does not accept the number of channels.",
    cause: "The channels of the first audio track count.",
    cure: "Mix the audio to another number of channels.",
  },
  "bit-rate": {
    meaning: "The average bit rate is outside the limit.",
    cause: "It is the size of the whole file divided by its duration.",
    cure: "Re-encode at another bit rate.",
  },
  frames: {
    meaning: "The number of frames is outside the limit.",
    cause: "Video samples, or the pictures of an animation, are counted.",
    cure: "Trim the clip, or export a single picture.",
  },
  rotation: {
    meaning: "The picture is stored rotated, which the table does not accept.",
    cause: "Phones store the rotation as metadata instead of rotating the picture.",
    cure: "Export it with the rotation applied.",
  },
  "pixel-aspect-ratio": {
    meaning: "The table does not accept the shape of the pixels.",
    cause: "Anamorphic video stores pixels that are displayed wider or narrower.",
    cure: "Re-encode with square pixels.",
  },
  encrypted: {
    meaning: "The table does not accept the file's encryption state.",
    cause: "Its tracks are protected by Common Encryption or FairPlay, and decode only with a key.",
    cure: "Export it without copy protection.",
  },
  truncated: {
    meaning: "The table does not accept the file's truncation state.",
    cause: "Bytes that the headers announce are missing.",
    cure: "Copy or export the file again.",
  },
  scheme: {
    meaning: "The URL is not http or https.",
    cause: "The service fetches registered URLs with a plain GET.",
    cure: "Give a public http(s) URL.",
  },
  data: {
    meaning: "The URL is a data: URL, which contains the file itself.",
    cause: "The service needs a URL that it can fetch.",
    cure: "Save the file and push it, or put it into public storage.",
  },
  "private-address": {
    meaning: "The service cannot reach the address.",
    cause: "It is, resolves to, or redirects to a private or loopback address.",
    cure: "Push the file itself, or host it where anyone can fetch it.",
  },
  "share-link": {
    meaning: "The URL is a share link: it opens a page about the file, not the file.",
    cause: "Cloud drives and photo services share pages for people.",
    cure: "Use the direct download URL, or download the file and push it.",
  },
  "sign-in": {
    meaning: "The URL asks for a sign-in.",
    cause: "The service fetches without cookies or credentials.",
    cure: "Make the file public, or use a presigned URL.",
  },
  "viewer-page": {
    meaning: "The URL answers with a web page instead of media.",
    cause: "It leads to a viewer, or to an error page with status 200.",
    cure: "Open it in a private window: it must return the file, not a page that shows it.",
  },
  redirect: {
    meaning: "The URL redirects. This is a note if the redirects lead to the file, otherwise a failure.",
    cause: "Too many redirects, or one to another scheme.",
    cure: "Give the URL at the end of the redirects.",
  },
  unverified: {
    meaning: "The URL could not be checked completely, so it is unsure.",
    cause:
      "The server answers too slowly or sends a few bytes at a time, or a proxy does not connect to its address.",
    cure: "Host the file on a server that answers range requests faster, allow the proxy to connect, or push the file itself.",
  },
  "not-found": {
    meaning: "The URL does not answer a plain GET with the file.",
    cause: "The file is gone, or the server answers with an error.",
    cure: "Check the URL in a private window.",
  },
  "content-type": {
    meaning: "The server's headers do not match the bytes.",
    cause: "The storage does not know the file's type, or compresses it.",
    cure: "Set the object's Content-Type, and send it without Content-Encoding.",
  },
  expires: {
    meaning: "The URL has expired, or is about to.",
    cause:
      "A presigned URL is valid for a limited time, and the service fetches it later than this check does.",
    cure: "Sign it for longer.",
  },
  "set-count": {
    meaning: "A request has more references than the model accepts, or fewer.",
    cause: "Models limit the number of reference images, videos and audio files.",
    cure: "Leave some out, or add what is missing.",
  },
  "set-duration": {
    meaning: "The total duration of the references of one kind is outside the limit.",
    cause: "The limit is on the sum of their durations.",
    cure: "Trim or lengthen them, or leave one out.",
  },
  "set-duration-each": {
    meaning: "One of the references is too short or too long.",
    cause: "Each clip has a limit, in addition to the limit on the total.",
    cure: "Trim or lengthen that clip.",
  },
  "set-needs-visual": {
    meaning: "The request has reference audio, but no reference image or video.",
    cause: "Seedance 2.0 accepts reference audio only together with a reference image or video.",
    cure: "Add a reference image or video.",
  },
  "set-exclude-references": {
    meaning: "A request has both frames and references.",
    cause: "The model accepts either first and last frames or references, not both.",
    cure: "Leave out either the frames or the references.",
  },
  "set-files": {
    meaning: "Some of the files of a set could not be checked.",
    cause: "They do not exist or could not be read, so the set is incomplete.",
    cure: "Correct the errors of these files, then check the set again.",
  },
  "set-model": {
    meaning: "No reference rules are known for this model.",
    cause: "The model's name is misspelt, or no rule table has a set for it.",
    cure: "Check the model's name, or use a rule table with rules for its references.",
  },
};

/** Explains a rule id: `video/pixels`, `set/videos-count`, or the second half alone. */
export function explainRule(id: string): Explanation | null {
  const slash = id.indexOf("/");
  const rest = id.slice(slash + 1);
  const key = id.startsWith("set/")
    ? `set-${rest.replace(/^(images|videos|audios|frames|total)-/, "")}`
    : rest;
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
  "set/total-count",
  "set/files",
  "set/model",
  "set/audios-needs-visual",
  "set/frames-exclude-references",
];
