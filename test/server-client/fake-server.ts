import { afterEach, beforeEach, vi } from "vitest";
import { createServerCalls, type ServerCalls } from "../../src/server-client/calls.ts";
import type { ServerClientOptions } from "../../src/server-client/options.ts";

/* The user's own server, as a page's calls see it. */

interface Sent {
  url: string;
  method: string | undefined;
  headers: Record<string, string>;
  credentials: string | undefined;
  body: unknown;
}
export type Answer = [status: number, body: unknown] | Error;

export const endpoint = "https://own.example/media";
/** The requests that it received, and its answers in order; the last one is repeated. */
export const fakeServer: { sent: Sent[]; answers: Answer[] } = { sent: [], answers: [] };
const server: typeof fetch = async (input, init) => {
  const { method, headers, credentials, body } = init ?? {};
  // It signs no uploads, and does not know the question.
  if (method === "GET" && String(input) === `${endpoint}/uploads`) return new Response(null, { status: 405 });
  const text = typeof body === "string" ? JSON.parse(body) : body;
  fakeServer.sent.push({
    url: String(input),
    method,
    headers: { ...(headers as object) },
    credentials,
    body: text,
  });
  const answer = fakeServer.answers.length > 1 ? fakeServer.answers.shift() : fakeServer.answers[0];
  if (answer instanceof Error || !answer) throw answer;
  return new Response(JSON.stringify(answer[1]), { status: answer[0] });
};
export const client = (more: Partial<ServerClientOptions> = {}): ServerCalls =>
  createServerCalls(endpoint, { endpoint, fetch: server, ...more });
export const asset = (more: object = {}): Answer => [
  200,
  { asset: { id: "7", status: "processing", ...more } },
];

/** Resets the server before each test; call it at the top level of a test file. */
export function resetFakeServer(): void {
  beforeEach(() => {
    fakeServer.sent = [];
    fakeServer.answers = [];
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });
}
