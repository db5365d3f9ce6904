import { delay } from "../../async/delay.ts";
import { throwIfAborted } from "../../errors.ts";
import { AtlasError } from "../error.ts";
import { InvalidAnswer } from "../http/call.ts";
import { type Envelope, isFields, parseJson } from "../http/envelope.ts";
import { send, type Wire } from "../http/transport.ts";
import type { Prediction } from "../types.ts";
import { readPrediction } from "./prediction-answer.ts";

/** A generation that was sent and not answered. */
export interface LostGeneration {
  /** The body as it was sent. */
  json: unknown;
  /** When it was sent, by performance.now(). */
  sentAt: number;
  signal: AbortSignal | null;
  /** The error of the request. */
  error: AtlasError;
}

const pageSize = 50;
/** Milliseconds before each search: the service may record a generation late. */
const pausesBeforeSearches = [0, 2000, 4000];
/** Clocks of the service's own machines may differ, and its times are rounded to seconds. */
const clockToleranceInMilliseconds = 5000;

/**
 * Searches the history for a generation with exactly the body that was sent, created since. It is found only if it
 * is the only one: two equal requests cannot be distinguished.
 * @throws AtlasError the original one, with what the history shows
 */
export async function findLostGeneration(wire: Wire, lost: LostGeneration): Promise<Prediction> {
  const wanted = canonical(lost.json);
  let why = "the history does not list it";
  for (const pause of pausesBeforeSearches) {
    await delay(Math.min(pause, wire.retry.cap), lost.signal);
    let history: HistoryItem[];
    try {
      history = await fetchHistory(wire, lost);
    } catch (error) {
      throwIfAborted(lost.signal);
      throw stillUnknown(lost.error, "the history could not be fetched", error);
    }
    const matching = history.filter((item) => item.request === wanted && item.isRecent);
    const [found] = matching;
    if (found && matching.length === 1) return found.prediction;
    if (found) why = `the history lists ${matching.length} equal ones`;
  }
  throw stillUnknown(lost.error, why, lost.error.cause);
}

interface HistoryItem {
  prediction: Prediction;
  /** The request's body in canonical form. */
  request: string | null;
  /** Whether it was created after the lost one was sent. */
  isRecent: boolean;
}

function fetchHistory(wire: Wire, { sentAt, signal }: LostGeneration): Promise<HistoryItem[]> {
  return send(wire, {
    name: "generateVideo, looking for the lost answer",
    host: "api",
    method: "GET",
    path: "/model/history",
    query: { no: 1, size: pageSize },
    repeatable: true,
    changes: false,
    signal,
    decode(envelope: Envelope, serverNow: number): HistoryItem[] {
      const oldest = serverNow - (performance.now() - sentAt) - clockToleranceInMilliseconds;
      return listIn(envelope.data).flatMap((item) => historyItem(item, oldest));
    },
  });
}

/** The list of an answer whose shape is not documented: `data` itself, or the first array in it. */
function listIn(data: Envelope["data"]): readonly unknown[] {
  if (!isFields(data)) return data;
  const values = Object.values(data);
  const list = values.find((value) => Array.isArray(value));
  if (list === undefined && !values.includes(null)) throw new InvalidAnswer("a history without a list");
  return (list as unknown[] | undefined) ?? [];
}

function historyItem(item: unknown, oldest: number): HistoryItem[] {
  if (!isFields(item)) return [];
  const id = item.ID ?? item.id ?? item.prediction_id;
  const result = parsedObject(item.result);
  const createdAt = timeOf(item.createdAt ?? item.created_at);
  try {
    const prediction = readPrediction({ ...result, id, status: item.status ?? result.status }, null);
    const request = canonicalText(item.requestBody ?? item.request_body);
    return [{ prediction, request, isRecent: createdAt !== null && createdAt >= oldest }];
  } catch {
    return [];
  }
}

function parsedObject(value: unknown): Readonly<Record<string, unknown>> {
  const object = typeof value === "string" ? tryParse(value) : value;
  return isFields(object) ? object : {};
}

/** Milliseconds since 1970, from an ISO date or a number of seconds or milliseconds. */
function timeOf(value: unknown): number | null {
  if (typeof value === "number") return value < 1e11 ? value * 1000 : value;
  const time = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? null : time;
}

function canonicalText(body: unknown): string | null {
  const value = typeof body === "string" ? tryParse(body) : body;
  return isFields(value) ? canonical(value) : null;
}

function tryParse(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return null;
  }
}

/** JSON with sorted keys: equal for equal bodies. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    isFields(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner,
  );
}

function stillUnknown(error: AtlasError, why: string, cause: unknown): AtlasError {
  const { status, requestId, host, upstreamCode, id } = error;
  return new AtlasError(error.code, `${error.summary}; whether it was started is unknown: ${why}`, {
    ...{ status, requestId, host, upstreamCode, id, cause },
    outcome: "unknown",
    retryable: error.retryable,
    hint: "look at the generations in the service's console before you send it again: each one is billed",
  });
}
