import type { Context } from "hono";
import { answer, jsonObject, refusal } from "../http/wire.ts";
import type { EmulatorState } from "../state.ts";
import { randomId, type StoredPrediction } from "../store.ts";
import { checkReferences } from "./references.ts";

/** POST /model/generateVideo */
export async function generateVideo(c: Context, state: EmulatorState): Promise<Response> {
  const { store, toggles } = state;
  const request = await jsonObject(c.req.raw);
  if (!request) return refusal("api", 400, "InvalidParameter: the body is not a JSON object", toggles);
  const nested = request.input as Record<string, unknown> | undefined;
  const body = typeof nested === "object" && nested !== null ? { ...nested, model: request.model } : request;
  const references = checkReferences(body, state);
  if (typeof references === "string") return refusal("api", 400, references, toggles);
  const referenceVideo = references.find((asset) => asset.type === "Video" && asset.url)?.url;
  const now = Date.now();
  const prediction: StoredPrediction = {
    id: randomId(16),
    model: String(body.model),
    createdAt: new Date(now).toISOString(),
    knownAt: now + toggles.predictionLagMs,
    readyAt: now + toggles.predictionLagMs + toggles.processingMs,
    output: toggles.predictionFailure ? null : (referenceVideo ?? (await state.clipUrl())),
    request,
  };
  store.state.predictions.push(prediction);
  await store.save();
  return answer("api", submitted(prediction, state));
}

function submitted({ id, model }: StoredPrediction, state: EmulatorState): Record<string, unknown> {
  const get = `${state.apiOrigin()}/api/v1/model/prediction/${id}`;
  const rest = { model, status: "starting", outputs: null, urls: { get } };
  const { submitId } = state.toggles;
  return submitId === "data" ? { data: { id }, model } : { [submitId]: id, ...rest };
}

/** GET /model/prediction/{id} */
export function getPrediction(c: Context, state: EmulatorState): Response {
  const { store, toggles } = state;
  const now = Date.now();
  const found = store.state.predictions.find((p) => p.id === c.req.param("id") && now >= p.knownAt);
  if (!found)
    return refusal("api", toggles.predictionLagStatus === "400" ? 400 : 404, "prediction not found", toggles);
  const progress = progressOf(found, state, now);
  const data = { model: found.model, created_at: found.createdAt, ...progress };
  if (progress.status !== "failed" || toggles.predictionFailureStatus !== "500") return answer("api", data);
  return Response.json({ code: 500, message: progress.error, data }, { status: 500 });
}

/** GET /model/history: the newest first, in the shape that the official MCP server 1.7.0 reads (seconds since 1970). */
export function history(c: Context, state: EmulatorState): Response {
  const page = Math.max(1, Number(c.req.query("no")) || 1);
  const size = Math.min(100, Math.max(1, Number(c.req.query("size")) || 20));
  const now = Date.now();
  const all = state.store.state.predictions.toReversed();
  const items = all.slice((page - 1) * size, page * size).map((prediction) => {
    const { status, ...result } = progressOf(prediction, state, now);
    return {
      ID: prediction.id,
      createdAt: Math.floor(Date.parse(prediction.createdAt) / 1000),
      model: prediction.model,
      requestBody: JSON.stringify(prediction.request ?? {}),
      result,
      status,
    };
  });
  return answer("api", { items, total: all.length, pageNo: page });
}

interface PredictionProgress {
  id: string;
  status: "processing" | "completed" | "failed";
  [field: string]: unknown;
}

function progressOf(
  { id, output, readyAt }: StoredPrediction,
  state: EmulatorState,
  now: number,
): PredictionProgress {
  const { toggles } = state;
  if (now < readyAt || toggles.stuckProcessing) return { id, status: "processing", outputs: null };
  if (output !== null) return { id, status: "completed", ...resultsOf(output, state) };
  const error = "InternalError: the generation failed";
  return { id, status: "failed", outputs: null, error, error_code: toggles.predictionErrorCode };
}

function resultsOf(url: string, { toggles }: EmulatorState): Record<string, unknown> {
  switch (toggles.outputShape) {
    case "output":
      return { output: url };
    case "objects":
      return { outputs: [{ video_url: url }] };
    case "none":
      return { outputs: [] };
    default:
      return { outputs: [url] };
  }
}
