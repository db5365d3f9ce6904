import type { Format } from "../../src/facts/formats.ts";

/** One tool's result for one file; null for values that it does not report. */
export interface ToolFacts {
  /** Our name of the format. */
  format: Format | null;
  /** Display pixels, as closely as the tool reports them. */
  width: number | null;
  height: number | null;
  /** Seconds, of the whole file. */
  duration: number | null;
  /** Seconds, of the video track, or of the only one. */
  trackDuration: number | null;
  /** Average frames per second. */
  frameRate: number | null;
  /** What a full decode complained of; "" where it was silent. */
  decodeErrors: string | null;
}

export const noFacts: Readonly<ToolFacts> = {
  format: null,
  width: null,
  height: null,
  duration: null,
  trackDuration: null,
  frameRate: null,
  decodeErrors: null,
};

/** A tool that is run on files, on many at a time if possible. */
export interface Oracle {
  name: string;
  /** The command whose presence decides whether it can be asked. */
  command: string;
  /** Whether a file of this format is worth asking about. */
  fits(format: Format | null): boolean;
  /** Files handed over at once. */
  batch: number;
  /** Processes side by side. */
  jobs: number;
  ask(paths: readonly string[]): Promise<Map<string, ToolFacts>>;
}

/** A finite number from a tool's output, or null. */
export function numberOf(value: unknown): number | null {
  const number = typeof value === "string" ? Number.parseFloat(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : null;
}

/** A rational "24000/1001", or a number; null where it is 0/0. */
export function rational(value: unknown): number | null {
  if (typeof value !== "string") return numberOf(value);
  const [over = "", under = "1"] = value.split("/");
  const quotient = Number(over) / Number(under);
  return Number.isFinite(quotient) && quotient > 0 ? quotient : null;
}

/** Width and height, swapped if `degrees` is a quarter turn. */
export function turned(
  width: number | null,
  height: number | null,
  degrees: number,
): [number | null, number | null] {
  return Math.abs(Math.round(degrees)) % 180 === 90 ? [height, width] : [width, height];
}
