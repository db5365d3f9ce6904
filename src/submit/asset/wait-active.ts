import type { Asset } from "../../atlas/types.ts";
import type { SubmitOptions } from "../options.ts";
import { recordAsset } from "../registration/ledger-fields.ts";
import type { RegistrationContext } from "../registration/registration-context.ts";
import { failedAsset } from "./failed-asset.ts";

/**
 * Waits until a registered asset is Active, unless the caller does not want to wait, and records its state.
 * @throws SubmitError `asset-failed`; AtlasError `timeout`
 */
export async function waitUntilActive(
  { claim, report, atlas }: RegistrationContext,
  asset: Asset,
  options: Pick<SubmitOptions, "wait" | "signal" | "onProgress" | "deadline" | "interval">,
): Promise<Asset> {
  const settled =
    asset.status === "processing" && options.wait !== false ? await poll(atlas, asset.id, options) : asset;
  if (settled.status === "failed") {
    if (claim.entry?.step !== "failed") await recordAsset(claim, settled, "failed");
    throw await failedAsset(settled, report);
  }
  const step = settled.status === "active" ? "active" : "registered";
  if (claim.entry?.step !== step) await recordAsset(claim, settled, step);
  return settled;
}

/** The asset once it is Active or Failed. */
async function poll(
  atlas: RegistrationContext["atlas"],
  id: string,
  {
    signal,
    onProgress,
    deadline,
    interval,
  }: Pick<SubmitOptions, "signal" | "onProgress" | "deadline" | "interval">,
): Promise<Asset> {
  try {
    return await atlas.waitUntilActive(id, { signal, onProgress, deadline, interval });
  } catch (error) {
    if ((error as { code?: unknown }).code !== "asset-failed") throw error;
    const asset = await atlas.getAsset(id, { signal });
    if (asset.status !== "failed") throw error;
    return asset;
  }
}
