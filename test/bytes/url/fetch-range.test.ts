import { describe, expect, test, vi } from "vitest";
import { UrlFault } from "../../../src/bytes/url/connection-error.ts";
import { fetchGet } from "../../../src/bytes/url/fetch-range.ts";

/* A page's own fetch: what it is asked with, where it may lead, and that what is said of its failures has no secrets. */

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

test("is asked for the bytes alone: without who asks, from where, or what is kept", async () => {
  const { get, fetcher } = getting(answered("bytes", "", { status: 206, headers: { etag: '"1"' } }));
  const answer = await get(url, { range: "bytes=0-9" }, stay);
  expect(fetcher).toHaveBeenCalledExactlyOnceWith(url, {
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

test("where it was led is told; what has no body has no bytes", async () => {
  const { get } = getting(answered(null, "https://b.example/other.mp4"));
  const { url: final, hops, body } = await get(url, {}, stay);
  expect([final.href, hops]).toEqual(["https://b.example/other.mp4", [url]]);
  expect(await read(body)).toBe("");
});

describe("it does not lead", () => {
  test.each([
    ["ftp://a.example/x", { kind: "scheme", scheme: "ftp:" }],
    ["https://127.0.0.1/x", { kind: "private", why: "loopback", host: "127.0.0.1", redirected: false }],
    [
      "https://printer.local/x",
      { kind: "private", why: "local-name", host: "printer.local", redirected: false },
    ],
  ])("to %s, which is not asked", async (address, trouble) => {
    const { get, fetcher } = getting(answered("secret"));
    await expect(get(new URL(address), {}, stay)).rejects.toMatchObject({ trouble });
    expect(fetcher).not.toHaveBeenCalled();
  });
  test("to a private address behind a public one, whose bytes are let go", async () => {
    const cancel = vi.fn();
    const { get } = getting(answered(new ReadableStream({ cancel }), "http://10.0.0.1/x"));
    const fault = await get(url, {}, stay).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(UrlFault);
    expect(fault).toMatchObject({ trouble: { kind: "private", why: "private", redirected: true } });
    expect(cancel).toHaveBeenCalledOnce();
  });
  test("to a private one, unless that is allowed, of this one", async () => {
    const here = new URL("http://127.0.0.1/x");
    const fetcher = async (): Promise<Response> => answered("bytes");
    expect((await fetchGet({ allowPrivate: true }, fetcher)(here, {}, stay)).status).toBe(200);
    const some = fetchGet({ allowPrivate: ({ hostname }) => hostname === "127.0.0.1" }, fetcher);
    expect((await some(here, {}, stay)).status).toBe(200);
    await expect(some(new URL("http://127.0.0.2/x"), {}, stay)).rejects.toBeInstanceOf(UrlFault);
  });
});

describe("what fails", () => {
  const said = {
    code: "network",
    message: "cannot fetch https://a.example/clip.mp4?…",
    retryable: true,
    hint: "is the address right, and does the host allow pages of other origins to fetch it (CORS)?",
  };
  test("is said without the words of the browser, which may quote the address", async () => {
    const { get } = getting(new TypeError(`Failed to fetch ${url.href}`));
    const fault: unknown = await get(url, {}, stay).catch((error: unknown) => error);
    expect(fault).toMatchObject({ ...said, cause: { message: "TypeError" } });
  });
  test("because the caller has left is the caller's", async () => {
    const { get } = getting(new TypeError("aborted"));
    await expect(get(url, {}, AbortSignal.abort(new Error("left")))).rejects.toThrow("left");
  });
  test("in the middle of the bytes is said as well", async () => {
    const breaking = new ReadableStream({
      pull: (controller) => controller.error(new TypeError("network error")),
    });
    const { get } = getting(answered(breaking));
    const { body } = await get(url, {}, stay);
    await expect(read(body)).rejects.toMatchObject(said);
  });
  test("or is not wanted any more is let go", async () => {
    const cancel = vi.fn();
    const { get } = getting(answered(new ReadableStream({ cancel })));
    (await get(url, {}, stay)).cancel();
    expect(cancel).toHaveBeenCalledOnce();
    const none = getting(answered(null));
    expect((await none.get(url, {}, stay)).cancel()).toBeUndefined();
  });
});
