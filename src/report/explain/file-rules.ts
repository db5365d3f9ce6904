import type { Explanation } from "./explanation.ts";

/** Rules for a file: `image/…`, `video/…`, `audio/…`, `file/…`, by the second half of the id. */
export const fileRules: Readonly<Record<string, Explanation>> = {
  type: {
    meaning: "The file is not of the declared type.",
    cause: "For example, an image was declared as a video. The service answers TypeMismatch.",
    cure: "Choose another file, or declare this file's own kind.",
  },
  format: {
    meaning: "The service does not accept the file's format.",
    cause: "The format is detected from the bytes, never from the name: a WebM named .mp4 is still a WebM.",
    cure: "Convert the file to one of the formats that the finding lists. If it lists none, the bytes are no image, video or audio file: choose another file, or copy it again.",
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
    cure: "Scale to the size that the finding names. If the message states that the service has accepted such sizes, --limits observed checks against those instead of the documented limit.",
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
  chroma: {
    meaning: "The table does not accept the picture's chroma subsampling.",
    cause: "Cameras and editing programs write 4:2:2 or 4:4:4; players and services expect 4:2:0.",
    cure: "Re-encode the video as 4:2:0; media-preflight fix does.",
  },
  "bit-depth": {
    meaning: "The table does not accept the number of bits per sample.",
    cause: "HDR and camera recordings have 10 bits or more.",
    cure: "Re-encode the video with the number of bits that the finding names.",
  },
  interlaced: {
    meaning: "The table does not accept interlaced (or progressive) video.",
    cause: "Broadcast and older camcorder material has frames made of two fields.",
    cure: "Deinterlace the video.",
  },
  "audio-profile": {
    meaning: "The table does not accept the AAC profile of the audio.",
    cause: "The audio is HE-AAC or another profile than LC, or no AAC.",
    cure: "Re-encode the audio as AAC-LC.",
  },
  "fast-start": {
    meaning:
      "The index (moov) is after the media data, so that playback cannot begin before the whole file is there.",
    cause: "Many programs write the index last.",
    cure: "Rewrite the file without encoding it: media-preflight fix, or ffmpeg -c copy -movflags +faststart.",
  },
  "edit-list": {
    meaning:
      "An edit list trims, delays or repeats parts of the video or audio, which the table does not accept.",
    cause: "The clip was cut without encoding, or audio and video begin at different times.",
    cure: "Re-encode the clip as it is shown; media-preflight fix does.",
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
};
