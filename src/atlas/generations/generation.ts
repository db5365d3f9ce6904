import { throwIfAborted } from "../../errors.ts";
import { AtlasError } from "../error.ts";
import type { Call } from "../http/call.ts";
import type { Envelope, Fields } from "../http/envelope.ts";
import { idSegment } from "../http/id-segment.ts";
import { send, type Wire } from "../http/transport.ts";
import type { CallOptions, GenerateBody, GenerateOptions, Prediction } from "../types.ts";
import { findLostGeneration } from "./find-lost-generation.ts";
import { generateBody } from "./generate-body.ts";
import { predictionStatus, readPrediction } from "./prediction-answer.ts";

/**
 * Starts a generation, once: each is billed. If the answer is lost, the service's history is searched for it.
 * @throws AtlasError, whose `outcome` is `unknown` if the generation may have been started and was not found
 */
export async function generateVideo(
  wire: Wire,
  body: GenerateBody,
  options: GenerateOptions = {},
): Promise<Prediction> {
  const json = generateBody(body, options);
  const sentAt = performance.now();
  try {
    return await send(wire, {
      name: "generateVideo",
      host: "api",
      method: "POST",
      path: "/model/generateVideo",
      json,
      repeatable: false,
      changes: true,
      signal: options.signal ?? null,
      ...reading(null),
    });
  } catch (error) {
    if (!(error instanceof AtlasError && error.outcome === "unknown")) throw error;
    throwIfAborted(options.signal);
    return findLostGeneration(wire, { json, sentAt, signal: options.signal ?? null, error });
  }
}

/**
 * Fetches a prediction; after 400 or 404 once more with a trailing slash, as the service's own clients do.
 * @throws AtlasError
 */
export async function getPrediction(wire: Wire, id: string, options: CallOptions = {}): Promise<Prediction> {
  const fetchWith = (suffix: string): Promise<Prediction> =>
    send(wire, {
      name: "getPrediction",
      host: "api",
      method: "GET",
      path: `/model/prediction/${idSegment(id)}${suffix}`,
      repeatable: true,
      changes: false,
      signal: options.signal ?? null,
      id,
      ...reading(id),
    });
  try {
    return await fetchWith("");
  } catch (error) {
    if (!(error instanceof AtlasError && (error.status === 400 || error.status === 404))) throw error;
    return fetchWith("/").catch(() => {
      throwIfAborted(options.signal);
      throw error;
    });
  }
}

/** How an answer about a prediction is read, also one that reports its failure by HTTP 5xx. */
function reading(requestedId: string | null): Pick<Call<Prediction>, "decode" | "decodeFailure"> {
  return {
    decode: ({ data }: Envelope) => readPrediction(data, requestedId),
    decodeFailure(data: Fields) {
      const failed = typeof data.status === "string" && predictionStatus(data.status) === "failed";
      return failed ? readPrediction(data, requestedId) : null;
    },
  };
}
