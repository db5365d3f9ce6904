import { MediaPreflightError } from "../../errors.ts";
import type { Kind } from "../../facts/formats.ts";
import { stemOf } from "../base-name.ts";

/*
 * The rule for asset names. A generated name ends in 128 bits of the content's SHA-256, so that the service's own answer
 * proves which file an asset was made of. That is true only if nobody else can choose such a name: it is refused from
 * users and pages.
 */

/** Characters (Unicode code points) that the service accepts in an asset's name. */
const longestAssetName = 64;

/** Hexadecimal digits of the hash in a generated name. */
export const hashDigitsInName = 32;

/** An asset's name as it is sent, and who chose it. */
export interface AssetName {
  assetName: string;
  /** A name that a user chose may belong to other assets too: nothing is ever searched for by it. */
  namedBy: "tool" | "user";
}

/**
 * The user's name as given; otherwise the file's base name without its extension, and the first 32 digits of its hash.
 * @param sha256 of the content, 64 hexadecimal digits
 * @throws MediaPreflightError `usage` for a name that is too long, empty, or looks generated
 */
export function chooseAssetName(
  given: string | undefined,
  file: string | null,
  kind: Kind,
  sha256: string,
): AssetName {
  if (given !== undefined) return { assetName: checkAssetName(given), namedBy: "user" };
  const base = stemOf(file ?? "");
  // The service refuses or changes control, format and private characters and unpaired surrogates.
  const plain = base.replace(/[\p{C}\s]+/gu, " ").trim() || kind;
  const room = longestAssetName - 1 - hashDigitsInName;
  const assetName = `${[...plain].slice(0, room).join("").trimEnd()}-${sha256.slice(0, hashDigitsInName)}`;
  return { assetName, namedBy: "tool" };
}

/**
 * A name that a user or a page chose: 1 to 64 characters, no control characters, not like a generated one.
 * @throws MediaPreflightError `usage`
 */
export function checkAssetName(given: string): string {
  const length = [...given].length;
  if (length === 0 || length > longestAssetName) {
    throw new MediaPreflightError(
      "usage",
      `an asset's name has 1 to ${longestAssetName} characters, not ${length}`,
      { hint: "give a shorter name, or none" },
    );
  }
  if (/\p{Cc}/u.test(given)) {
    throw new MediaPreflightError("usage", "an asset's name must not contain control characters", {
      hint: "give another name, or none",
    });
  }
  if (looksGenerated(given)) {
    throw new MediaPreflightError(
      "usage",
      "an asset's name may not end like a generated one (-<32 hex digits>)",
      {
        hint: "give another name, or none",
      },
    );
  }
  return given;
}

/** Whether a name ends as generated ones do, also after the service trimmed it or changed its case. */
export function looksGenerated(name: string): boolean {
  return /-[0-9a-f]{32}[\s\p{C}]*$/iu.test(name);
}

/** Whether the name was generated for this content, whatever the file's name. */
export function isGeneratedFor(name: string, sha256: string): boolean {
  return name.endsWith(`-${sha256.slice(0, hashDigitsInName)}`);
}
