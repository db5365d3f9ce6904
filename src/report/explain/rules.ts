import type { Explanation } from "./explanation.ts";

/** By the second half of a rule id; `file`, `image`, `video`, `audio`, `url` and `set` come before the slash. */
export const rules: Readonly<Record<string, Explanation>> = {
  type: {
    meaning: "The file is of another kind than declared.",
    cause: "An image was declared as a video, or the like. The service answers TypeMismatch.",
    cure: "Choose another file, or declare the kind that this file is.",
  },
  format: {
    meaning: "The service does not accept the file's format.",
    cause: "The format is detected from the bytes, never from the name: a WebM called .mp4 is a WebM.",
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
      "The presented duration counts. Container, tracks and headers may state different ones: each is a reading.",
    cure: "Trim or lengthen it to what the finding names, or settle the readings as its hint says.",
  },
  "frame-rate": {
    meaning: "The video has too few or too many frames per second.",
    cause: "The average is exact: 24000/1001 is 23.976, though it is called 24.",
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
    meaning: "The service does not name this codec. A note, unless a table makes it more.",
    cause:
      "The upstream documentation names H.264 or H.265 video, and AAC or MP3 audio; Atlas Cloud lists none.",
    cure: "If the service answers TranscodingFailed, re-encode as H.264 with AAC.",
  },
  extension: {
    meaning: "The file's name does not fit its format. A note.",
    cause: "Somebody renamed the file, or a program wrote the wrong extension.",
    cure: "Rename the file; only the bytes count.",
  },
  "cross-check": {
    meaning: "A cross-check was asked for and gave no answer. A note.",
    cause: "The library failed, took too long, or is not installed.",
    cure: "Nothing needs to be done: the verdict rests on this package's own parsers.",
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
    cause: "Phones store a rotation beside the picture instead of rotating it.",
    cure: "Export it with the rotation applied.",
  },
  "pixel-aspect-ratio": {
    meaning: "The table does not accept the shape of the pixels.",
    cause: "Anamorphic video stores pixels that are displayed wider or narrower.",
    cure: "Re-encode with square pixels.",
  },
  encrypted: {
    meaning: "Whether the file is encrypted is not what the table wants.",
    cause: "Its tracks are protected by Common Encryption or FairPlay, and decode only with a key.",
    cure: "Export it without copy protection.",
  },
  truncated: {
    meaning: "Whether the file is cut is not what the table requires.",
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
    cure: "Push the file itself, or put it where everybody can fetch it.",
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
    cure: "Open it in a private window: it must give the file, with no page around it.",
  },
  redirect: {
    meaning: "The URL redirects. A note if the redirects end well, otherwise a failure.",
    cause: "Too many redirects, or one to another scheme.",
    cure: "Give the URL at the end of the redirects.",
  },
  unverified: {
    meaning: "The URL could not be checked to the end, so it is unsure.",
    cause:
      "The server answers too slowly or a few bytes at a time, or a proxy does not connect to its address.",
    cure: "Host the file where ranges are answered faster, allow the proxy to connect, or push the file itself.",
  },
  "not-found": {
    meaning: "The URL does not answer a plain GET with the file.",
    cause: "The file is gone, or the server answers with an error.",
    cure: "Check the URL in a private window.",
  },
  "content-type": {
    meaning: "The server's headers do not fit the bytes.",
    cause: "The storage does not know the file's type, or compresses it.",
    cure: "Set the object's Content-Type, and send it without Content-Encoding.",
  },
  expires: {
    meaning: "The URL has expired, or is about to.",
    cause: "A presigned URL is valid for a limited time, and the service fetches it later than you.",
    cure: "Sign it for longer.",
  },
  "set-count": {
    meaning: "A request has more references than the model accepts, or fewer.",
    cause: "Models limit the number of reference images, videos and audio files.",
    cure: "Leave some out, or add what is missing.",
  },
  "set-duration": {
    meaning: "The references of one kind are too long together.",
    cause: "The limit is on the sum of their durations.",
    cure: "Trim them, or leave one out.",
  },
  "set-duration-each": {
    meaning: "One of the references is too short or too long.",
    cause: "Each clip has its own limit, beside the limit on the sum.",
    cure: "Trim or lengthen that clip.",
  },
  "set-needs-visual": {
    meaning: "Reference audio stands alone where the model needs a picture with it.",
    cause: "Seedance 2.0 accepts reference audio only together with a reference image or video.",
    cure: "Add a reference image or video.",
  },
  "set-exclude-references": {
    meaning: "A request has both frames and references.",
    cause: "The model accepts first and last frames, or references, not both.",
    cure: "Leave out the frames, or the references.",
  },
  "set-files": {
    meaning: "Some of the files of a set could not be checked.",
    cause: "They do not exist or could not be read, so that the set is incomplete.",
    cure: "Correct the errors of these files, then check the set again.",
  },
  "set-model": {
    meaning: "No reference rules are known for this model.",
    cause: "The model's name is misspelt, or no rule table has a set for it.",
    cure: "Check the model's name, or name a rule table that has a set.",
  },
};

/** What a rule id means: `video/pixels`, `set/videos-count`, or the second half alone. */
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
