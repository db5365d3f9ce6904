import type { Toggles } from "../toggles.ts";

export type ErrorStatus = 400 | 401 | 402 | 403 | 404 | 413 | 422 | 429 | 500 | 503;
export type Host = "api" | "console";

/** The console's codes are strings, the api's numbers. */
const codeOn = (host: Host, code: number): string | number => (host === "console" ? String(code) : code);

/** An answer in the envelope. */
export function answer(host: Host, data: unknown): Response {
  return Response.json({ code: codeOn(host, 200), message: "success", data });
}

/** An error in the envelope. */
export function refusal(host: Host, status: ErrorStatus, message: string, toggles: Toggles): Response {
  const body = { code: codeOn(host, status), msg: message };
  return Response.json(body, { status: toggles.errorsAs200 ? 200 : status });
}

/** The page of a proxy in front of the service. */
export function html(status: ErrorStatus | 200, title: string): Response {
  const page = `<html>\r\n<head><title>${status} ${title}</title></head>\r\n<body><center><h1>${status} ${title}</h1></center></body>\r\n</html>\r\n`;
  return new Response(page, { status, headers: { "content-type": "text/html" } });
}

/** The answer to a path that does not exist. */
export function unknownPath(host: Host, toggles: Toggles): Response {
  return toggles.unknownPathStatus === "404"
    ? refusal(host, 404, "Not Found", toggles)
    : refusal(host, 401, "Unauthorized", toggles);
}

/** The body as a JSON object, or null. */
export async function jsonObject(request: Request): Promise<Record<string, unknown> | null> {
  try {
    const body: unknown = await request.json();
    return typeof body === "object" && body !== null && !Array.isArray(body)
      ? (body as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}
