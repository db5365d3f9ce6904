import type { Asset } from "../../atlas/types.ts";
import type { Report } from "../../report/report.ts";
import { SubmitError } from "../submit-error.ts";

/** The error for an asset that was deleted or moved to the trash. @param gone `why` continues "asset 7, which …" */
export function goneAsset(
  report: Report,
  { id, asset, why }: { id: string; asset: Asset | null; why: string },
): SubmitError {
  return new SubmitError("asset-gone", `it was registered as asset ${id}, which ${why}`, {
    report,
    asset,
    id,
    hint: `restore it (media-preflight assets restore ${id}); or push it with --again gone (in code: again: ["gone"]) to register it again`,
  });
}
