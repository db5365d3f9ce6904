import { andThen, type MaybePromise } from "../../async/maybe-promise.ts";
import type { Cursor } from "../cursor.ts";
import { type Box, bodyOf, eachBox, uint, versionOf } from "../isobmff/boxes.ts";

/** Defaults of a track's fragments, from trex (ISO/IEC 14496-12 §8.8.3). */
export interface FragmentDefaults {
  duration: number;
  size: number;
}

/** Reads an mvex box: defaults by track id. Returns the duration that mehd states, in the movie's time scale, or null. */
export function readMovieExtends(
  cursor: Cursor,
  mvex: Box,
  defaults: Map<number, FragmentDefaults>,
): MaybePromise<number | null> {
  let stated: number | null = null;
  const walked = eachBox(cursor, mvex, (box) =>
    andThen(bodyOf(cursor, box, 24), (view) => {
      if (box.type === "trex" && view.byteLength === 24)
        defaults.set(view.getUint32(4), { duration: view.getUint32(12), size: view.getUint32(16) });
      else if (box.type === "mehd" && view.byteLength >= 8) {
        const wide = versionOf(view).version === 1 && view.byteLength >= 12;
        stated = uint(view, 4, wide) || null;
      }
    }),
  );
  return andThen(walked, () => stated);
}
