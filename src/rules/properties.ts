import type { Facts } from "../facts/evidence.ts";
import type { Kind } from "../facts/formats.ts";

/** Units a table may use. MB has two readings, 1,000,000 and 1,048,576 bytes; MiB has one. */
export type Unit = "px" | "s" | "fps" | "B" | "MB" | "MiB" | "Hz" | "bit/s";

interface Row {
  /** The second half of the rule id. */
  rule: string;
  holds: "number" | "text" | "boolean";
  /** The first is the one assumed where a row states none; empty: a bare number or word. */
  units: readonly Unit[];
  /** Kinds whose files always have it: there, no value means unread. Elsewhere it means absent. */
  of: readonly Kind[];
  /** Facts that it rests on, where they are not the one of the same name. */
  from?: readonly (keyof Facts)[];
}

const row = (
  rule: string,
  holds: Row["holds"],
  units: readonly Unit[],
  of: readonly Kind[],
  from?: readonly (keyof Facts)[],
): Row => (from ? { rule, holds, units, of, from } : { rule, holds, units, of });

const pictures: readonly Kind[] = ["image", "video"];
const timed: readonly Kind[] = ["video", "audio"];
const size: readonly (keyof Facts)[] = ["width", "height", "pixels", "aspectRatio"];

/** What a rule table can limit: a fact's name, save `size` (the file's bytes) and `bitRate` (size over duration). */
export const properties = {
  format: row("format", "text", [], ["image", "video", "audio"]),
  size: row("size", "number", ["B", "MB", "MiB"], ["image", "video", "audio"], ["bytes"]),
  width: row("width", "number", ["px"], pictures, size),
  height: row("height", "number", ["px"], pictures, size),
  aspectRatio: row("aspect-ratio", "number", [], pictures, size),
  pixels: row("pixels", "number", ["px"], pictures, size),
  resolution: row("resolution", "text", [], []),
  duration: row("duration", "number", ["s"], timed),
  frameRate: row("frame-rate", "number", ["fps"], ["video"]),
  frameRateMode: row("frame-rate-mode", "text", [], ["video"]),
  videoCodec: row("codec", "text", [], ["video"]),
  audioCodec: row("codec", "text", [], ["audio"]),
  sampleRate: row("sample-rate", "number", ["Hz"], ["audio"]),
  channels: row("channels", "number", [], ["audio"]),
  bitRate: row("bit-rate", "number", ["bit/s"], timed, ["bytes", "duration"]),
  frames: row("frames", "number", [], ["video"]),
  rotation: row("rotation", "number", [], []),
  pixelAspectRatio: row("pixel-aspect-ratio", "number", [], []),
  truncated: row("truncated", "boolean", [], ["image", "video", "audio"]),
} as const satisfies Record<string, Row>;

/** The name of something a rule table can limit. */
export type Property = keyof typeof properties;
