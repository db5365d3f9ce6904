import * as v from "valibot";
import { codeText, httpUrl, idText, redacted, text } from "../http/answer-fields.ts";
import { InvalidAnswer } from "../http/call.ts";
import { errorText, type Fields, isFields, stripCode } from "../http/envelope.ts";
import type { Prediction } from "../types.ts";

const predictionAnswer = v.looseObject({
  id: idText,
  prediction_id: idText,
  request_id: idText,
  status: text,
  error: v.optional(v.unknown()),
  error_code: codeText,
});

const statuses: Readonly<Record<string, Prediction["status"]>> = {
  completed: "succeeded",
  succeeded: "succeeded",
  success: "succeeded",
  failed: "failed",
  error: "failed",
  timeout: "failed",
  canceled: "failed",
  cancelled: "failed",
};

/** Compared case-insensitively; anything unknown is still running. */
export function predictionStatus(raw: string | null): Prediction["status"] {
  return statuses[raw?.trim().toLowerCase() ?? ""] ?? "processing";
}

/**
 * A prediction from its fields; the id is `id`, `prediction_id` or `request_id`, in the object or in a further
 * `data` inside it.
 * @param requestedId null for a new prediction
 * @throws InvalidAnswer without an id, unless one was requested
 */
export function readPrediction(raw: unknown, requestedId: string | null): Prediction {
  const parsed = v.safeParse(predictionAnswer, raw);
  if (!parsed.success || !isFields(raw)) throw new InvalidAnswer("a prediction that is not an object");
  const { id, prediction_id, request_id, status, error, error_code } = parsed.output;
  const own = id ?? prediction_id ?? request_id;
  if (own === null && status === null && isFields(raw.data)) return readPrediction(raw.data, requestedId);
  // A request id is not always the prediction's: only an `id` can contradict the one that was requested.
  if (id !== null && requestedId !== null && id !== requestedId)
    throw new InvalidAnswer("another prediction than the requested one");
  const known = requestedId ?? own;
  if (known === null) throw new InvalidAnswer("a prediction without an id");
  const outputs = outputUrls(raw);
  const stated = predictionStatus(status);
  const result = status === null && outputs.length > 0 ? "succeeded" : stated;
  return {
    id: known,
    status: result,
    rawStatus: status,
    outputs,
    errorCode: stripCode(error_code ?? (isFields(error) ? error.code : null)),
    errorMessage: redacted(
      typeof error === "string" && error !== "" ? error : result === "failed" ? errorText(raw) : null,
    ),
    raw,
  };
}

/** `outputs`, else `output`: addresses, or objects with one, alone or in an array. */
function outputUrls({ outputs, output }: Fields): string[] {
  const found = [outputs].flat().flatMap(urlOf);
  return found.length > 0 ? found : [output].flat().flatMap(urlOf);
}

function urlOf(value: unknown): string[] {
  const candidates = isFields(value) ? [value.url, value.video_url, value.download_url] : [value];
  for (const candidate of candidates) {
    const url = httpUrl(candidate);
    if (url !== null) return [url];
  }
  return [];
}
