import type { Facts } from "../facts/evidence.ts";
import type { Kind } from "../facts/formats.ts";

/** Units a table may use. MB has two readings, 1,000,000 and 1,048,576 bytes; MiB has one. */
export type Unit = "px" | "s" | "fps" | "B" | "MB" | "MiB" | "Hz" | "bit/s";

interface Row {
  /** The second half of the rule id. */
  rule: string;
  /** The unit of rows that state none; null for plain numbers and text. schema.ts has the other units of a row. */
  unit: Unit | null;
  /** Kinds whose files always have the property: for these a missing value is unread, for others it is absent. */
  of: readonly Kind[];
  /** The facts that it is computed from, if not the one of the same name. */
  from?: readonly (keyof Facts)[];
}

const row = (rule: string, unit: Unit | null, of: readonly Kind[], from?: readonly (keyof Facts)[]): Row =>
  from ? { rule, unit, of, from } : { rule, unit, of };

const every: readonly Kind[] = ["image", "video", "audio"];
const pictures: readonly Kind[] = ["image", "video"];
const timed: readonly Kind[] = ["video", "audio"];
const video: readonly Kind[] = ["video"];
const audio: readonly Kind[] = ["audio"];
const size: readonly (keyof Facts)[] = ["width", "height", "pixels", "aspectRatio"];

/** Properties that a rule table can limit: facts by name, and `size` (bytes) and `bitRate` (size divided by duration). */
export const properties = {
  format: row("format", null, every),
  size: row("size", "B", every, ["bytes"]),
  width: row("width", "px", pictures, size),
  height: row("height", "px", pictures, size),
  aspectRatio: row("aspect-ratio", null, pictures, size),
  pixels: row("pixels", "px", pictures, size),
  resolution: row("resolution", null, []),
  duration: row("duration", "s", timed),
  frameRate: row("frame-rate", "fps", video),
  frameRateMode: row("frame-rate-mode", null, video),
  videoCodec: row("codec", null, video),
  audioCodec: row("codec", null, audio),
  sampleRate: row("sample-rate", "Hz", audio),
  channels: row("channels", null, audio),
  bitRate: row("bit-rate", "bit/s", timed, ["bytes", "duration"]),
  frames: row("frames", null, video),
  rotation: row("rotation", null, []),
  pixelAspectRatio: row("pixel-aspect-ratio", null, []),
  encrypted: row("encrypted", null, []),
  truncated: row("truncated", null, every),
} as const satisfies Record<string, Row>;

/** The name of a property that a rule table can limit. */
export type Property = keyof typeof properties;
