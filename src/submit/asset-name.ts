import { MediaPreflightError } from "../errors.ts";
import type { Kind } from "../facts/formats.ts";

/** Characters an asset's name may have upstream, by Unicode code point. */
export const longestName = 64;

/** An asset's name as it will be sent, and whose it is. */
export interface AssetName {
  name: string;
  /** A user's name may be borne by other assets: nothing is ever searched for by it. */
  namedBy: "tool" | "user";
}

/**
 * The user's name as given; else the file's base name without its extension, and ten hexadecimal digits: those of
 * its hash, so that the same bytes are found again, or random ones where there is no hash.
 * @throws MediaPreflightError `usage` for a name that upstream refuses
 */
export function assetName(
  given: string | undefined,
  file: string | null,
  kind: Kind,
  digits: string,
): AssetName {
  if (given !== undefined) {
    const length = [...given].length;
    if (length > 0 && length <= longestName) return { name: given, namedBy: "user" };
    throw new MediaPreflightError(
      "usage",
      `an asset's name has 1 to ${longestName} characters, not ${length}`,
      {
        hint: "give a shorter name, or none",
      },
    );
  }
  const base = (file ?? "").replace(/^.*[/\\]/s, "").replace(/(?<=.)\.[^.]*$/s, "");
  // Control, format and private characters, and lone surrogates, are refused or mangled on the way.
  const plain = base.replace(/[\p{C}\s]+/gu, " ").trim() || kind;
  const room = longestName - 1 - digits.length;
  return { name: `${[...plain].slice(0, room).join("").trimEnd()}-${digits}`, namedBy: "tool" };
}
