import { Hono } from "hono";
import { matches, statusOf } from "./assets.ts";
import { spoolFilePart } from "./multipart.ts";
import type { EmulatorState } from "./state.ts";
import { randomId, type StoredAsset, type StoredUpload } from "./store.ts";
import { answer, type ErrorStatus, html, jsonObject, refusal } from "./wire.ts";

/** Most references of one call (Seedance 2.5's counts where the model says so, else 2.0's; 2026-11-22). */
const counts = {
  "2.5": { reference_images: 30, reference_videos: 10, reference_audios: 10 },
  "2.0": { reference_images: 9, reference_videos: 3, reference_audios: 3 },
};

/** The api host: uploads, generation, predictions. */
export function apiHost(world: EmulatorState): Hono {
  const { store } = world;
  const refuse = (status: ErrorStatus, message: string): Response =>
    refusal("api", status, message, world.toggles);

  const app = new Hono().basePath("/api/v1/model");
  app.post("/uploadMedia", async (c) => {
    const id = randomId();
    const cap = world.toggles.tooLarge ? 0 : world.toggles.maxUploadBytes;
    const type = c.req.header("content-type") ?? "";
    const part = await spoolFilePart(c.req.raw.body, type, store.mediaPath(id), cap);
    if (part === "too-large") return html(413, "Request Entity Too Large");
    if (part === "malformed")
      return refuse(400, "InvalidParameter: no multipart part named file, with a filename");
    const upload: StoredUpload = { id, ...part };
    store.state.uploads.push(upload);
    await store.save();
    return uploadAnswer(upload, world.storageUrl(upload), world);
  });
  app.post("/generateVideo", async (c) => {
    const whole = await jsonObject(c.req.raw);
    if (!whole) return refuse(400, "InvalidParameter: the body is not a JSON object");
    const nested = whole.input as Record<string, unknown> | undefined;
    const body = typeof nested === "object" && nested !== null ? { ...nested, model: whole.model } : whole;
    const checked = checkReferences(body, world);
    if (typeof checked === "string") return refuse(400, checked);
    const now = Date.now();
    const output = world.toggles.predictionFailure
      ? null
      : checked.map((asset) => asset.type === "Video" && asset.url).find((url) => url) ||
        (await world.clipUrl());
    const prediction = {
      id: randomId(16),
      model: String(body.model),
      createdAt: new Date(now).toISOString(),
      knownAt: now + world.toggles.predictionLagMs,
      readyAt: now + world.toggles.predictionLagMs + world.toggles.processingMs,
      output,
    };
    store.state.predictions.push(prediction);
    await store.save();
    const get = `${world.apiOrigin()}/api/v1/model/prediction/${prediction.id}`;
    return answer("api", {
      id: prediction.id,
      model: prediction.model,
      status: "starting",
      outputs: null,
      urls: { get },
    });
  });
  app.get("/prediction/:id", (c) => {
    const now = Date.now();
    const found = store.state.predictions.find((p) => p.id === c.req.param("id") && now >= p.knownAt);
    if (!found) return refuse(404, "prediction not found");
    const done = now >= found.readyAt && !world.toggles.stuckProcessing;
    const status = done ? (found.output === null ? "failed" : "completed") : "processing";
    return answer("api", {
      id: found.id,
      model: found.model,
      status,
      outputs: done && found.output !== null ? [found.output] : null,
      created_at: found.createdAt,
      ...(status === "failed" && { error: "InternalError: the generation failed" }),
    });
  });
  app.notFound(() => refuse(401, "Unauthorized"));
  // A client that left in the middle of its body.
  app.onError(() => refuse(500, "InternalError"));
  return app;
}

function uploadAnswer(upload: StoredUpload, url: string, world: EmulatorState): Response {
  const { filename, size, contentType } = upload;
  const type = contentType.slice(0, contentType.indexOf("/"));
  switch (world.toggles.uploadAnswer) {
    case "url":
      return answer("api", { url, filename, size });
    case "file_name":
      return Response.json({
        code: 200,
        data: { download_url: url, file_name: filename, content_type: contentType, size },
      });
    case "flat":
      return Response.json({ url, filename, size });
    default:
      return answer("api", { type, download_url: url, filename, size });
  }
}

/** The registered assets that a generation refers to, or what is wrong with it. */
function checkReferences(body: Record<string, unknown>, world: EmulatorState): StoredAsset[] | string {
  if (typeof body.model !== "string" || body.model === "") return "InvalidParameter.Model: model is missing";
  const most = counts[body.model.includes("2.5") ? "2.5" : "2.0"];
  const found: StoredAsset[] = [];
  const frames = ["image", "last_image"] as const;
  for (const field of frames) {
    if (body[field] === undefined) continue;
    const problem = resolve(body[field], "Image", field, world, found);
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
    if (list.length > most[field]) return `InvalidParameter: more than ${most[field]} ${field}`;
    references += list.length;
    for (const reference of list) {
      const problem = resolve(reference, type, field, world, found);
      if (problem) return problem;
    }
  }
  if (references > 0 && frames.some((field) => body[field] !== undefined)) {
    return "InvalidParameter: first and last frame exclude references";
  }
  const audioAlone = found.length > 0 && found.every((asset) => asset.type === "Audio");
  if (audioAlone && references === found.length && most === counts["2.0"]) {
    return "InvalidParameter: reference_audios need an image or a video beside them";
  }
  return found;
}

/** Adds the asset that a reference names to `found`; what is wrong with it, or null. */
function resolve(
  reference: unknown,
  type: StoredAsset["type"],
  field: string,
  world: EmulatorState,
  found: StoredAsset[],
): string | null {
  if (typeof reference !== "string") return `InvalidParameter: ${field} holds something other than text`;
  if (!reference.startsWith("asset://")) {
    const inline = type === "Image" && /^(?:https?:\/\/|data:image\/)/.test(reference);
    return inline ? null : `InvalidParameter: ${field} takes registered assets only (asset://…)`;
  }
  const id = reference.slice("asset://".length);
  const asset = world.store.state.assets.find((candidate) => matches(candidate, id) && !candidate.trashed);
  if (!asset) return `NotFound.Asset: ${field} names an asset that does not exist`;
  if (asset.type !== type)
    return `InvalidParameter.TypeMismatch: ${field} names an asset of type ${asset.type}`;
  const status = statusOf(asset, world.toggles);
  if (status !== "Active") return `InvalidParameter: ${field} names an asset that is ${status}`;
  found.push(asset);
  return null;
}
