import type { Origin } from "../../facts/evidence.ts";
import type { Facts } from "../../facts/facts.ts";
import { violatedOperator } from "../../rules/limit.ts";
import type { RuleResult } from "../../rules/verdict.ts";
import { type Text, text } from "../text.ts";
import { durationHint, frameRateHint } from "./number-hint.ts";
import { pixelSize } from "./value.ts";

/** Origins that a remux rewrites from the samples. */
const headers: readonly Origin[] = ["container", "media-header", "track-header", "header", "mediainfo"];
const tracks: readonly Origin[] = ["video-track", "audio-track"];

/** How to make disagreeing readings agree; null if the general hint fits. */
export function readingHint(result: RuleResult, facts: Facts): Text | null {
  switch (result.subject) {
    case "duration":
      return durationReadingHint(result);
    case "frameRate":
      return frameRateReadingHint(result);
    case "format":
      return text("hint.remuxMp4");
    case "width":
    case "height":
    case "aspectRatio":
    case "pixels":
      return sizeReadingHint(result, facts);
    default:
      return null;
  }
}

function durationReadingHint(result: RuleResult): Text | null {
  const { readings, limit } = result;
  const of = (...origins: Origin[]): number | null => {
    const value = readings.find(({ from }) => origins.includes(from))?.value;
    return typeof value === "number" ? value : null;
  };
  const [header, frames] = [of("header"), of("all-frames")];
  if (header !== null && frames !== null)
    return text(header < frames ? "hint.headerCountsPart" : "hint.headerCountsMore", { extension: "mp3" });
  const counted = readings.filter(({ from }) => !headers.includes(from));
  const inside = counted.filter(
    ({ value }) => value !== null && violatedOperator(limit ?? {}, value) === null,
  );
  // All tracks are on one side of the limit; only a header is on the other.
  if (counted.length > 0 && counted.length < readings.length) {
    if (inside.length === counted.length) return text("hint.headerDiffers");
    if (inside.length === 0) {
      const change = durationHint({ ...result, readings: counted });
      return change && text("hint.headerDiffersAnd", { change });
    }
  }
  const change = durationHint(result);
  if (!change) return null;
  return readings.every(({ from }) => tracks.includes(from)) ? text("hint.tracksDiffer", { change }) : change;
}

function frameRateReadingHint(result: RuleResult): Text | null {
  const { readings, limit } = result;
  const nominal = readings.find(({ from }) => from === "nominal")?.value;
  const average = readings.find(({ from }) => from === "average")?.value;
  if (typeof nominal !== "number" || typeof average !== "number") return text("hint.remux");
  const fits = violatedOperator(limit ?? {}, nominal) === null;
  // An NTSC rate, such as 24000/1001 for 24: its timestamps are exact.
  if (fits && Math.abs((average * 1.001) / nominal - 1) < 0.0002) return text("hint.fps", { n: nominal });
  // Less than half a per cent apart: a constant rate whose timestamps were rounded.
  if (fits && Math.abs(average / nominal - 1) < 0.005) return text("hint.roundedTimestamps", { n: nominal });
  return frameRateHint(result, fits ? nominal : average) && variableRate(result, fits ? nominal : average);
}

function variableRate(result: RuleResult, near: number): Text | null {
  const hint = frameRateHint(result, near);
  return hint && text("hint.constantRate", hint.values);
}

function sizeReadingHint({ target, readings }: RuleResult, facts: Facts): Text | null {
  if (readings.some(({ from }) => from === "first-page")) return text("hint.firstPage");
  if (!target || target.reshape) return null;
  if (facts.pixelAspectRatio !== null && facts.pixelAspectRatio !== 1)
    return text("hint.squarePixels", pixelSize(target));
  const cropped = readings.some(({ from }) => (from as string) === "uncropped");
  return cropped ? text("hint.cropped", pixelSize(target)) : null;
}
