import { enUrls } from "./en-urls.ts";

/**
 * English. A text's {names} are filled in by fill() in ../text.ts; text from a file arrives escaped. A locale is an
 * object with the same keys: `Messages`. Messages state what was found; hints are commands: what to do about it.
 */
export const en = {
  /** BCP 47 tag, used to format numbers. */
  locale: "en",
  // Between the items of a list, and before its last.
  comma: ", ",
  or: " or ",

  // A value and the property it belongs to.
  "value.pixels": "{size} = {n} total pixels",
  "value.aspectRatio": "aspect ratio {size} = {n}",
  "value.width": "{n} px wide",
  "value.height": "{n} px high",
  "value.duration": "{n} s long",
  "value.frameRate": "{n} fps",
  "value.size": "{n} bytes",
  "value.videoCodec": "video codec {n}",
  "value.audioCodec": "audio codec {n}",
  "value.other": "{property} {n}",

  // How a value breaks its limit, by operator. {whole} is the complete interval, if the limit has two bounds.
  max: "{value}, over {bound}{whole}",
  below: "{value}, not below {bound}{whole}",
  min: "{value}, under {bound}{whole}",
  above: "{value}, not above {bound}{whole}",
  in: "{value}, not {list}",
  notIn: "{value}, which is not accepted",
  equals: "{value}, not {bound}",
  multipleOf: "{value}, not a multiple of {bound}",
  ratios: "{value}, not {list}",
  required: "no {property}, but one is required",
  forbidden: "{value}, but none is allowed",
  pass: "{value}, limit {limit}",
  whole: " (limit {limit})",
  range: "{min} – {max}",
  both: "{first} and {second}",
  upTo: "up to {n}",
  from: "at least {n}",
  lessThan: "below {n}",
  moreThan: "above {n}",
  "bound.bytes": "{n} {unit} ({bytes} bytes)",
  "bound.s": "{n} s",
  "bound.fps": "{n} fps",
  "bound.px": "{n} px",

  // Readings that disagree, and values that the service accepts although the limit excludes them.
  "unsure.readings": "the {property} reads as {readings}; limit {limit}",
  reading: "{n} ({from})",
  "unsure.megabytes": "{value}: over {n} MB if 1 MB is 1,000,000 bytes, not if it is 1,048,576",
  "unsure.limit": "{text}, but the limit can also be read as {limits}",
  "unsure.condition": "{text}; whether this limit applies depends on the {property}, whose readings disagree",
  "unsure.conditionUnread":
    "{text}; whether this limit applies depends on the {property}, which could not be read",
  edge: "{value}, exactly at the limit",
  accepted: "{text}; the service has accepted {limit} (seen {checked}, {confidence} confidence)",
  alsoDocumented: "{text}; the documentation of the {document} would accept it ({limit})",
  "generation-api": "generation API",

  // What could not be read, and why.
  unread: "could not read the {property}: {why}",
  "why.budget": "the file needs more work than the budget of {which} allows",
  "why.not-stated": "the file does not state it",
  "why.unsupported": "{what} is not supported",
  "why.out-of-reach": "it is beyond the part that could be fetched",
  "why.encrypted": "it is encrypted",
  "why.none": "the file does not contain it",
  everything: "the rest of the file",

  // Rules that apply with every table.
  "type.mismatch": "this is {a}; {declared} is wanted here",
  "type.none": "{table} has no rules for {kind} files",
  "kind.format": "{kind} ({format})",
  "format.pass": "{a}",
  "format.in": "{a}, not {list}",
  "format.other": "{a}, which is not accepted",
  "format.unknown": "not a known image, video or audio format",
  "format.nothing": "{a}, not an image, video or audio file",
  "integrity.pass": "file is complete",
  "integrity.empty": "the file is empty",
  "integrity.all-zero":
    "every byte of the file is zero: a download or copy reserved the space and never wrote the data",
  "integrity.zero-filled":
    "from some point on, the data of {part} is zeros: a download or copy reserved the space and stopped early",
  "integrity.line-endings":
    "line endings were converted, as a copy in text mode does: this changed the bytes of {part}",
  "integrity.checksum": "the checksum of {part} does not match: the file is damaged",
  "integrity.cut-short": "the file ends in the middle of {part}; the copy was cut",
  "integrity.cut-short.n":
    "the file ends in the middle of {part}, at least {n} bytes short; the copy was cut",
  "integrity.placeholder-size":
    "the header states a length far past the end of the file ({part}): a placeholder, or the file was cut",
  "integrity.no-end-marker": "the end marker ({part}) is missing, although all other data is present",
  "integrity.no-tracks": "the file has no audio or video track",
  "integrity.no-picture": "the file has no picture",
  "integrity.no-index": "the index ({part}) is missing: the file was cut, or its recording never finished",
  "integrity.no-media-data": "the file has headers but no media data ({part})",
  "integrity.undecodable": "decoding fails: {part}",
  "integrity.malformed": "{part} is damaged: its fields contradict each other",
  "integrity.encrypted": "the file is encrypted: the service cannot decode it",
  "extension.note": "the format is {a}, but the name ends in .{extension}",
  "crossCheck.note": "{crossCheck} could not check the file: {why}",

  // The references of one request.
  "set.count": "{n} reference {kind}",
  "set.total": "{n} references in all",
  "set.sum": "the reference {kind} total {n} s",
  "set.each": "number {index} of the reference {kind} is {n} s long",
  "set.needs-visual": "reference audio needs at least one reference image or video",
  "set.exclude-references": "a request accepts either first and last frames or references, not both",
  "set.unchecked": "could not check {n} of the files",
  "set.model": "no rules are known for the references of the model {model}",
  "set.member": "{role} {index}: {text}",
  "set.frame": "{role}: {text}",

  // Remedies.
  "hint.scale": "scale to {width}×{height}",
  "hint.crop": "crop, or scale and pad, to {width}×{height}",
  "hint.reshape": "scale, then pad or crop to {width}×{height}",
  "hint.squarePixels":
    "re-encode with square pixels at {width}×{height}: players disagree on whether to stretch these",
  "hint.cropped":
    "re-encode at {width}×{height}: players disagree on whether to apply the crop in its header",
  "hint.trim": "trim to {n} s",
  "hint.lengthen": "make it at least {n} s long",
  "hint.headerCountsPart":
    "rewrite the header, which counts only the first part: ffmpeg -i INPUT -c copy OUTPUT.{extension}",
  "hint.headerCountsMore":
    "rewrite the header, which counts more than there is: ffmpeg -i INPUT -c copy OUTPUT.{extension}",
  "hint.headerDiffers": "rewrite the header, which differs from the tracks: ffmpeg -i INPUT -c copy OUTPUT",
  "hint.headerDiffersAnd": "{change}; the header differs from the tracks",
  "hint.tracksDiffer": "{change}, video and audio alike",
  "hint.fps": "re-encode at {n} fps",
  "hint.constantRate": "re-encode at a constant {n} fps",
  "hint.roundedTimestamps":
    "export it again from the source at {n} fps: its timestamps were rounded, as a remux from MKV or FLV does",
  "hint.remux": "rewrite the file: ffmpeg -i INPUT -c copy OUTPUT",
  "hint.remuxMp4": "rewrite it as MP4: ffmpeg -i INPUT -c copy OUTPUT.mp4",
  "hint.firstPage": "save it without the thumbnail page: most programs open the first page",
  "hint.shrink": "compress it to at most {n} bytes",
  "hint.bitRate": "re-encode below {rate} Mbit/s, to at most {n} bytes",
  "hint.convert": "convert it to {list}",
  "hint.declare": "choose another file, or declare the type {kind}",
  "hint.rename": "rename it to end in .{wanted}",
  "hint.again": "export or download it again",
  "hint.copyAgain": "copy or download it again",
  "hint.exportAgain": "export it again",
  "hint.chooseAgain": "choose another file, or copy it again",
  "hint.binaryCopy": "copy it again in binary mode; in Git, mark such files as binary in .gitattributes",
  "hint.budget": "export it again, or raise the budget if you trust the file",
  "hint.decrypt": "export it without copy protection",
  "hint.crossCheck":
    'try again, or install media-preflight again with its dependencies; to do without the cross-check, set it to "never"',
  "hint.codec": "re-encode it as {list} if the service refuses it",
  "hint.setFewer": "leave out {n}",
  "hint.setMore": "add {n}",
  "hint.setTrim": "trim them to {n} s in total, or leave one out",
  "hint.setLonger": "make them at least {n} s long in total",
  "hint.needs-visual": "add a reference image or video",
  "hint.exclude-references": "leave out either the frames or the references",
  "hint.model": "check the model's name, or use a rule table with rules for its references",

  // Kinds and properties.
  image: "image",
  video: "video",
  audio: "audio",
  "a.image": "an image",
  "a.video": "a video",
  "a.audio": "an audio file",
  images: "images",
  videos: "videos",
  audios: "audio files",
  "first-frame": "first frame",
  "last-frame": "last frame",
  label: "{label}",
  type: "type",
  size: "file size",
  width: "width",
  height: "height",
  aspectRatio: "aspect ratio",
  pixels: "number of pixels",
  duration: "duration",
  frameRate: "frame rate",
  frameRateMode: "frame rate mode",
  format: "format",
  integrity: "whole file",
  resolution: "resolution",
  videoCodec: "video codec",
  audioCodec: "audio codec",
  sampleRate: "sample rate",
  channels: "number of channels",
  chroma: "chroma",
  bitDepth: "bit depth",
  interlaced: "interlacing",
  audioProfile: "AAC profile",
  fastStart: "index first",
  editList: "edit list",
  bitRate: "bit rate",
  frames: "number of frames",
  rotation: "rotation",
  pixelAspectRatio: "pixel aspect ratio",
  truncated: "truncation",
  encrypted: "encryption",

  // Confidence of an observed limit.
  low: "low",
  medium: "medium",
  "medium-high": "medium-high",
  high: "high",

  // Origins of a reading.
  coded: "coded size",
  display: "display size",
  uncropped: "without the crop",
  "track-header": "track header",
  "sample-entry": "sample entry",
  bitstream: "bitstream",
  container: "container",
  "video-track": "video track",
  "audio-track": "audio track",
  "media-header": "media header",
  "sample-table": "sample table",
  "edit-list": "edit list",
  "all-frames": "all frames",
  "less-padding": "without encoder padding",
  header: "header",
  "full-page": "full page",
  "first-page": "first page, a thumbnail",
  "major-brand": "major brand",
  "compatible-brands": "compatible brands",
  average: "average",
  nominal: "nominal",
  file: "file",

  // Git LFS pointers.
  "lfs.absent":
    "a Git LFS pointer whose object ({size}) is not on this machine; only the size can be checked",
  "lfs.absent.hint": "fetch the object with git lfs pull, or commit on a machine that has it",
  "lfs.sent.hint": "fetch the object behind the pointer with git lfs pull, then send the file",

  ...enUrls,
};

/** The keys that a locale translates. */
export type Messages = Readonly<Record<keyof typeof en, string>>;

/** The key of a message. */
export type MessageKey = keyof typeof en;
