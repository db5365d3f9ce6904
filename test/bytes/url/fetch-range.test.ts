import { describe, expect, test, vi } from "vitest";
import { UrlFault } from "../../../src/bytes/url/connection-error.ts";
import { fetchGet } from "../../../src/bytes/url/fetch-range.ts";

/* GET by a page's fetch: its request, where it may lead, and errors without secrets. */

const url = new URL("https://a.example/clip.mp4?sig=S");
const stay = new AbortController().signal;
const answered = (body: BodyInit | null, at = "", init: ResponseInit = {}): Response => {
  const response = new Response(body, init);
  Object.defineProperties(response, {
    url: { value: at },
    redirected: { value: at !== "" && at !== url.href },
  });
  return response;
};
const getting = (response: Response | Error) => {
  const fetcher = vi.fn<typeof fetch>(async () => {
    if (response instanceof Error) throw response;
    return response;
  });
  return { fetcher, get: fetchGet({}, fetcher) };
};
const read = async (body: AsyncIterable<Uint8Array>): Promise<string> => {
  let text = "";
  for await (const chunk of body) text += Buffer.from(chunk).toString();
  return text;
};

test("sends no cookies, no referrer and bypasses the cache", async () => {
  const { get, fetcher } = getting(answered("bytes", "", { status: 206, headers: { etag: '"1"' } }));
  const answer = await get(url, { range: "bytes=0-9" }, stay);
  expect(fetcher).toHaveBeenCalledExactlyOnceWith(url, {
    method: "GET",
    headers: { range: "bytes=0-9" },
    signal: stay,
    credentials: "omit",
    referrerPolicy: "no-referrer",
    cache: "no-store",
  });
  expect([answer.status, answer.url.href, answer.hops]).toEqual([206, url.href, []]);
  expect([answer.header("etag"), answer.header("content-type")]).toEqual(['"1"', "text/plain;charset=UTF-8"]);
  expect(await read(answer.body)).toBe("bytes");
});

test("reports the final URL; a response without a body has no bytes", async () => {
  const { get } = getting(answered(null, "https://b.example/other.mp4"));
  const { url: final, hops, body } = await get(url, {}, stay);
  expect([final.href, hops]).toEqual(["https://b.example/other.mp4", [url]]);
  expect(await read(body)).toBe("");
});

describe("it does not go", () => {
  test.each([
    ["ftp://a.example/x", { kind: "scheme", scheme: "ftp:" }],
    ["https://127.0.0.1/x", { kind: "private", why: "loopback", host: "127.0.0.1", redirected: false }],
    [
      "https://printer.local/x",
      { kind: "private", why: "local-name", host: "printer.local", redirected: false },
    ],
  ])("to %s, which gets no request", async (address, problem) => {
    const { get, fetcher } = getting(answered("secret"));
    await expect(get(new URL(address), {}, stay)).rejects.toMatchObject({ problem });
    expect(fetcher).not.toHaveBeenCalled();
  });
  test("to a private address behind a redirect, whose body is cancelled", async () => {
    const cancel = vi.fn();
    const { get } = getting(answered(new ReadableStream({ cancel }), "http://10.0.0.1/x"));
    const fault = await get(url, {}, stay).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(UrlFault);
    expect(fault).toMatchObject({ problem: { kind: "private", why: "private", redirected: true } });
    expect(cancel).toHaveBeenCalledOnce();
  });
  test("to a private address, unless that one is allowed", async () => {
    const here = new URL("http://127.0.0.1/x");
    const fetcher = async (): Promise<Response> => answered("bytes");
    expect((await fetchGet({ allowPrivate: true }, fetcher)(here, {}, stay)).status).toBe(200);
    const some = fetchGet({ allowPrivate: ({ hostname }) => hostname === "127.0.0.1" }, fetcher);
    expect((await some(here, {}, stay)).status).toBe(200);
    await expect(some(new URL("http://127.0.0.2/x"), {}, stay)).rejects.toBeInstanceOf(UrlFault);
  });
});

describe("a failure", () => {
  const said = {
    code: "network",
    message: "cannot fetch https://a.example/clip.mp4?…",
    retryable: true,
    hint: "is the address right, and does the host allow pages of other origins to fetch it (CORS)?",
  };
  test("does not repeat the browser's message, which may quote the URL", async () => {
    const { get } = getting(new TypeError(`Failed to fetch ${url.href}`));
    const fault: unknown = await get(url, {}, stay).catch((error: unknown) => error);
    expect(fault).toMatchObject({ ...said, cause: { message: "TypeError" } });
  });
  test("by the caller's signal is the caller's own error", async () => {
    const { get } = getting(new TypeError("aborted"));
    await expect(get(url, {}, AbortSignal.abort(new Error("left")))).rejects.toThrow("left");
  });
  test("in the middle of the body is reported as well", async () => {
    const breaking = new ReadableStream({
      pull: (controller) => controller.error(new TypeError("network error")),
    });
    const { get } = getting(answered(breaking));
    const { body } = await get(url, {}, stay);
    await expect(read(body)).rejects.toMatchObject(said);
  });
  test("or cancel() ends the download", async () => {
    const cancel = vi.fn();
    const { get } = getting(answered(new ReadableStream({ cancel })));
    (await get(url, {}, stay)).cancel();
    expect(cancel).toHaveBeenCalledOnce();
    const none = getting(answered(null));
    expect((await none.get(url, {}, stay)).cancel()).toBeUndefined();
  });
});
