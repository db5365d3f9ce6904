import type { Facts } from "../facts/facts.ts";
import type { Kind } from "../facts/formats.ts";

/** Units a table may use. MB has two readings, 1,000,000 and 1,048,576 bytes; MiB has one. */
export type Unit = "px" | "s" | "fps" | "B" | "MB" | "MiB" | "Hz" | "bit/s";

/** How a property is limited. */
export interface Row {
  /** The second half of the rule id, if not the name of the property in kebab case. */
  rule?: string;
  /** The unit of rows that state none; null for plain numbers and text. schema.ts has the other units of a row. */
  unit: Unit | null;
  /** Kinds whose files always have the property: for these a missing value is unread, for others it is absent. */
  of: readonly Kind[];
  /** The facts that it is computed from, if not the one of the same name. */
  from?: readonly (keyof Facts)[] | undefined;
  /** A fact without which a file has no such property, and with which it always does. */
  needs?: keyof Facts;
}

const row = (unit: Unit | null, of: readonly Kind[], from?: readonly (keyof Facts)[]): Row => ({
  unit,
  of,
  from,
});

const every: readonly Kind[] = ["image", "video", "audio"];
const pictures: readonly Kind[] = ["image", "video"];
const timed: readonly Kind[] = ["video", "audio"];
const video: readonly Kind[] = ["video"];
const audio: readonly Kind[] = ["audio"];
const size: readonly (keyof Facts)[] = ["width", "height", "pixels", "aspectRatio"];

/** Properties that a rule table can limit: facts by name, and `size` (bytes) and `bitRate` (size divided by duration). */
export const properties = {
  format: row(null, every),
  size: row("B", every, ["bytes"]),
  width: row("px", pictures, size),
  height: row("px", pictures, size),
  aspectRatio: row(null, pictures, size),
  pixels: row("px", pictures, size),
  resolution: row(null, []),
  duration: row("s", timed),
  frameRate: row("fps", video),
  frameRateMode: row(null, video),
  videoCodec: { ...row(null, video), rule: "codec" },
  audioCodec: { ...row(null, audio), rule: "codec" },
  sampleRate: row("Hz", audio),
  channels: row(null, audio),
  chroma: row(null, pictures),
  bitDepth: row(null, pictures),
  interlaced: row(null, video),
  audioProfile: { ...row(null, []), needs: "audioCodec" },
  fastStart: row(null, timed),
  editList: row(null, timed),
  bitRate: row("bit/s", timed, ["bytes", "duration"]),
  frames: row(null, video),
  rotation: row(null, []),
  pixelAspectRatio: row(null, []),
  encrypted: row(null, []),
  truncated: row(null, every),
} as const satisfies Record<string, Row>;

/** The name of a property that a rule table can limit. */
export type Property = keyof typeof properties;

/** The second half of a property's rule id: "aspect-ratio". */
export function ruleName(property: Property): string {
  const { rule }: Row = properties[property];
  return rule ?? property.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
