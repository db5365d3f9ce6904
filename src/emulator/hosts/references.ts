import { matches, statusOf } from "../assets.ts";
import type { EmulatorState } from "../state.ts";
import type { StoredAsset } from "../store.ts";

/** Maximum references of one call (those of Seedance 2.5 if the model names it, else 2.0; read 2026-11-22). */
const counts = {
  "2.5": { reference_images: 30, reference_videos: 10, reference_audios: 10 },
  "2.0": { reference_images: 9, reference_videos: 3, reference_audios: 3 },
};

/** The registered assets that a generation refers to, or the error text of an invalid request. */
export function checkReferences(body: Record<string, unknown>, state: EmulatorState): StoredAsset[] | string {
  if (typeof body.model !== "string" || body.model === "") return "InvalidParameter.Model: model is missing";
  const maxCounts = counts[body.model.includes("2.5") ? "2.5" : "2.0"];
  const found: StoredAsset[] = [];
  const frames = ["image", "last_image"] as const;
  for (const field of frames) {
    if (body[field] === undefined) continue;
    const problem = resolve(body[field], "Image", field, state, found);
    if (problem) return problem;
  }
  let references = 0;
  for (const [field, type] of [
    ["reference_images", "Image"],
    ["reference_videos", "Video"],
    ["reference_audios", "Audio"],
  ] as const) {
    const list = body[field] ?? [];
    if (!Array.isArray(list)) return `InvalidParameter: ${field} is not an array`;
    if (body[field] !== undefined && list.length === 0) return `InvalidParameter: ${field} is empty`;
    if (list.length > maxCounts[field]) return `InvalidParameter: more than ${maxCounts[field]} ${field}`;
    references += list.length;
    for (const reference of list) {
      const problem = resolve(reference, type, field, state, found);
      if (problem) return problem;
    }
  }
  if (references > 0 && frames.some((field) => body[field] !== undefined)) {
    return "InvalidParameter: first and last frame exclude references";
  }
  const audioAlone = found.length > 0 && found.every((asset) => asset.type === "Audio");
  if (audioAlone && references === found.length && maxCounts === counts["2.0"]) {
    return "InvalidParameter: reference_audios need an image or a video beside them";
  }
  return found;
}

/** Adds the asset that a reference names to `found`. Returns the error text of an invalid one, else null. */
function resolve(
  reference: unknown,
  type: StoredAsset["type"],
  field: string,
  state: EmulatorState,
  found: StoredAsset[],
): string | null {
  if (typeof reference !== "string") return `InvalidParameter: ${field} contains something other than text`;
  if (!reference.startsWith("asset://")) {
    const inline =
      type === "Image"
        ? /^(?:https?:\/\/|data:image\/)/.test(reference)
        : state.toggles.urlReferences && /^https?:\/\//.test(reference);
    return inline ? null : `InvalidParameter: ${field} takes registered assets only (asset://…)`;
  }
  const id = reference.slice("asset://".length);
  const asset = state.store.state.assets.find((candidate) => matches(candidate, id) && !candidate.trashed);
  if (!asset) return `NotFound.Asset: ${field} names an asset that does not exist`;
  if (asset.type !== type)
    return `InvalidParameter.TypeMismatch: ${field} names an asset of type ${asset.type}`;
  const status = statusOf(asset, state.toggles);
  if (status !== "Active") return `InvalidParameter: ${field} names an asset that is ${status}`;
  found.push(asset);
  return null;
}
