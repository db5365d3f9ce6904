import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { fetchGet } from "../../../src/bytes/url/fetch-range.ts";
import type { UrlGet } from "../../../src/bytes/url/get.ts";
import { checkUrlBy } from "../../../src/preflight/url/public-url.ts";
import { answering, check, page, picture, serve } from "./served-picture.ts";

/* Notes about a URL and its answer, and when connections are closed. */

describe("the type that a server states", () => {
  it.each([
    "image/jpeg",
    "VIDEO/MP4; codecs=avc1",
    "audio/mpeg ;q=1",
    "application/octet-stream",
    "binary/octet-stream",
    "application/mp4",
  ])("%s fits", async (type) => {
    const { url } = await serve({ type });
    expect((await check(`${url}/a`)).findings).toEqual([]);
  });

  it.each([
    "x-video/mp4",
    "x-application/octet-stream",
    "application/octet-streams",
    "x-application/mp4",
    "application/mp4x",
  ])("%s is a note, and the file is still read", async (type) => {
    const { url } = await serve({ type });
    const { findings, source } = await check(`${url}/a`);
    expect(source).not.toBeNull();
    expect(findings).toEqual([
      {
        rule: "url/content-type",
        verdict: "note",
        actual: type,
        limit: null,
        unit: null,
        message: `the server declares its type as ${type}`,
        hint: "serve it with the media type of the file",
        readings: [],
        text: expect.anything(),
      },
    ]);
  });

  it("a missing type is a note, except for an empty file", async () => {
    const { url } = await serve(answering(200, {}, picture));
    expect((await check(`${url}/a`)).findings).toMatchObject([
      { rule: "url/content-type", actual: null, message: "the server does not declare its type" },
    ]);
    const empty = await serve(answering(200, { "content-length": "0" }));
    expect(await check(`${empty.url}/a`)).toMatchObject({ findings: [], source: { size: 0 } });
  });
});

describe("the time until a URL expires", () => {
  const now = Date.UTC(2026, 10, 22, 10);
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["Date"], now });
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  const until = (seconds: number): string => `X-Expires=${now / 1000 + seconds}`;

  it.each([
    [0, "0 s"],
    [119, "119 s"],
    [120, "2 min"],
    [7199, "120 min"],
    [7200, "2 h"],
    [172_799, "48 h"],
    [172_800, "2 days"],
    [200_000, "2 days"],
  ])("%i s ago is shown as %s", async (seconds, ago) => {
    const { findings } = await check(`https://b.example.com/x?${until(-seconds)}`);
    expect(findings).toMatchObject([
      {
        rule: "url/expires",
        verdict: "fail",
        actual: -seconds || 0,
        unit: "s",
        message: `the URL expired ${ago} ago`,
      },
    ]);
  });

  it("of less than an hour is a note, and the file is read", async () => {
    const { url } = await serve({});
    const { findings, source } = await check(`${url}/x?${until(3599)}`);
    expect(source?.size).toBe(picture.length);
    expect(findings).toEqual([
      {
        rule: "url/expires",
        verdict: "note",
        actual: 3599,
        limit: null,
        unit: "s",
        message: "the URL expires in 60 min",
        hint: expect.stringContaining("sign it for several hours"),
        readings: [],
        text: expect.anything(),
      },
    ]);
    expect((await check(`${url}/x?${until(3600)}`)).findings).toEqual([]);
  });
});

describe("what is not an http(s) URL", () => {
  it.each([
    ["not an address?sig=S", "url/scheme", null, "not a valid URL"],
    ["xhttp://a.example.com/x?sig=S", "url/scheme", "xhttp:", /cannot fetch xhttp: URLs/],
    ["data:image/png;base64,AAAA", "url/data", "data:image/png,…", /^a data: URL/],
    [
      "https://user:SECRET@a.example.com/x?sig=S",
      "url/sign-in",
      "https://a.example.com/x?…",
      /a user name or password/,
    ],
    [
      "https://github.com/o/r/blob/main/c.mp4",
      "url/share-link",
      "https://github.com/o/r/blob/main/c.mp4",
      /GitHub/,
    ],
  ])("%s", async (address, rule, actual, message) => {
    const { findings } = await check(address);
    expect(findings).toMatchObject([{ rule, actual, message: expect.stringMatching(message) }]);
  });
});

describe("the connection", () => {
  /** The platform's fetch, and how often it was closed. */
  const counting = (): UrlGet & { closed: number } => {
    const get = Object.assign(fetchGet({ allowPrivate: true }), {
      closed: 0,
      close() {
        get.closed++;
      },
    });
    return get;
  };

  it.each([
    ["is kept for the ranges that are served", {}, 0],
    ["is let go of where all was read at once", { ranges: "none" }, 1],
  ] as const)("%s", async (_, serving, closed) => {
    const { url } = await serve(serving);
    const get = counting();
    const { source } = await checkUrlBy(get, `${url}/a.jpg`, { allowPrivate: true });
    expect([source?.size, get.closed]).toEqual([picture.length, closed]);
  });

  it.each([
    ["of an answer that is not the file", answering(404, {})],
    ["of a page served by ranges", { bytes: new TextEncoder().encode(page) }],
  ])("is closed because %s", async (_, serving) => {
    const { url } = await serve(serving);
    const get = counting();
    const { source } = await checkUrlBy(get, `${url}/a.jpg`, { allowPrivate: true });
    expect([source, get.closed]).toEqual([null, 1]);
  });

  it("is closed after an error, which is thrown", async () => {
    const get = counting();
    const stopped = checkUrlBy(get, "http://127.0.0.1:9/a.jpg", {
      allowPrivate: true,
      signal: AbortSignal.abort(),
    });
    await expect(stopped).rejects.toMatchObject({ code: "aborted" });
    expect(get.closed).toBe(1);
  });
});
