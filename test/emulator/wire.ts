/** Requests of the emulator's and the server's tests, by plain fetch without our client. */

export const key = "sk-test-6f1c2a9e";

export type Json = Record<string, unknown>;

export interface Answer {
  status: number;
  text: string;
  headers: Headers;
  /** The whole body, or {} where it is no JSON object. */
  body: Json;
  /** `data` of the envelope, or {}. */
  data: Json;
}

export async function request(
  url: string,
  init: RequestInit & { json?: unknown; key?: string | null } = {},
): Promise<Answer> {
  const headers = new Headers(init.headers);
  if (init.key !== null) headers.set("authorization", `Bearer ${init.key ?? key}`);
  const { json, key: _, ...rest } = init;
  if (json !== undefined) headers.set("content-type", "application/json");
  const response = await fetch(url, {
    ...rest,
    headers,
    ...(json !== undefined && { body: JSON.stringify(json) }),
  });
  const text = await response.text();
  const body = object(text);
  const data = typeof body.data === "object" && body.data !== null ? (body.data as Json) : {};
  return { status: response.status, text, headers: response.headers, body, data };
}

function object(text: string): Json {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Json) : {};
  } catch {
    return {};
  }
}

export function form(
  bytes: Uint8Array<ArrayBuffer> | Blob,
  filename = "clip.mp4",
  type = "video/mp4",
): FormData {
  const data = new FormData();
  data.append("file", new Blob([bytes], { type }), filename);
  return data;
}

/** Uploads and returns the file's URL. */
export async function upload(apiBaseUrl: string, body: FormData): Promise<string> {
  const answer = await request(`${apiBaseUrl}/model/uploadMedia`, { method: "POST", body });
  return String(answer.data.download_url);
}

/** Asks for an asset until it is no longer Processing. */
export async function settled(consoleBaseUrl: string, id: unknown): Promise<Json> {
  for (const until = performance.now() + 30_000; performance.now() < until; ) {
    const { data } = await request(`${consoleBaseUrl}/sd/assets/${id}`);
    if (String(data.status).toLowerCase() !== "processing") return data;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`asset ${id} is still Processing`);
}
