import { describe, expect, it } from "vitest";
import { checkUrl as checkUrlInNode } from "../../../src/preflight/url/public-url.node.ts";
import type { UrlCheck } from "../../../src/preflight/url/public-url.ts";
import { answering, check, here, page, picture, serve } from "./served-picture.ts";

/* Findings about answers that are not the file, with their exact texts. */

describe("what a server answers instead of the file", () => {
  it.each([
    [401, "url/sign-in", "the URL asks for a sign-in (401)", /without signing in$/],
    [403, "url/sign-in", "the URL asks for a sign-in (403)", /without signing in$/],
    [407, "url/sign-in", "the URL asks for a sign-in (407)", /without signing in$/],
    [404, "url/not-found", "there is no file at this URL (404)", /^check the URL/],
    [410, "url/not-found", "there is no file at this URL (410)", /^check the URL/],
    [451, "url/not-found", "the server answers a plain GET with 451", /private window/],
  ])("%i", async (status, rule, message, hint) => {
    const { url } = await serve(answering(status, {}));
    const { findings, source } = await check(`${url}/a.jpg`);
    expect(source).toBeNull();
    expect(findings).toEqual([
      {
        rule,
        verdict: "fail",
        reason: "limit",
        actual: status,
        limit: null,
        unit: null,
        message,
        hint: expect.stringMatching(hint),
        readings: [],
        text: expect.anything(),
      },
    ]);
  });

  it.each([
    [
      "a compressed answer",
      answering(200, { "content-encoding": "br", "content-type": "image/jpeg" }, "x"),
      [
        "url/content-type",
        "br",
        /^the server compresses the response \(br\)/,
        /^serve media files uncompressed$/,
      ],
    ],
    [
      "a redirect to another scheme",
      answering(301, { location: "ftp://a.example.com/x?sig=S" }),
      ["url/redirect", "ftp:", /cannot fetch ftp: URLs/, /public https URL$/],
    ],
    [
      "a redirect without end",
      answering(302, { location: "/a.jpg" }),
      ["url/redirect", null, /^more than 5 redirects$/, /that the redirects end at$/],
    ],
    [
      "a page, named by its type",
      answering(200, { "content-type": "Text/HTML ; charset=utf-8" }, page),
      ["url/viewer-page", "text/html", /^the URL answers with a web page/, /^use the URL of the file itself/],
    ],
    [
      "a page of no type, named by its URL",
      answering(200, {}, page),
      [
        "url/viewer-page",
        expect.stringMatching(/^http:.*\/a\.jpg\?…$/),
        /web page/,
        /^use the URL of the file itself/,
      ],
    ],
  ])("%s", async (_, serving, [rule, actual, message, hint]) => {
    const { url } = await serve(serving);
    const { findings, source } = await check(`${url}/a.jpg?sig=S`);
    expect(source).toBeNull();
    expect(findings).toMatchObject([
      {
        rule,
        verdict: "fail",
        actual,
        message: expect.stringMatching(message),
        hint: expect.stringMatching(hint),
      },
    ]);
  });

  it.each([
    ["behind a comment", "<!-- a --> <!-- b -->\n <html>"],
    ["behind an XML head", '<?xml version="1.0" encoding="utf-8"?>\n<html xmlns="x">'],
    ["behind an XML head and a comment", "<?xml?><!---->\n\t<title>x"],
    ["behind white space and a byte-order mark", "\ufeff\n\n<script>go()</script>"],
    ["with a doctype on two lines", "<!DOCTYPE\n\thtml>"],
    ["in capitals", "<BODY>"],
  ])("a page is recognised by its content: %s", async (_, body) => {
    const { url } = await serve(answering(200, { "content-type": "video/mp4" }, body));
    expect((await check(`${url}/a`)).findings).toMatchObject([{ rule: "url/viewer-page" }]);
  });

  it.each([
    ["a tag that is not the first thing", "RIFF <html>"],
    ["a tag that only begins like one", "<htmlx>"],
    ["XML", "<?xml?><svg>"],
    ["a tag behind 2,048 bytes", `${" ".repeat(2048)}<html>`],
  ])("is not a page: %s", async (_, body) => {
    const { url } = await serve(answering(200, { "content-type": "video/mp4" }, body));
    expect((await check(`${url}/a`)).findings).toEqual([]);
  });

  it.each([
    '<html><input name="p" type="password">',
    "<html><input type='password'>",
    "<html><input type=password>",
    "<html><INPUT\n  Type = 'Password'>",
    `<html>${" ".repeat(60_000)}<input type="password">`,
  ])("a page that asks for a password is a sign-in", async (body) => {
    const { url } = await serve(answering(200, { "content-type": "text/html" }, body));
    expect((await check(`${url}/a?sig=S`)).findings).toMatchObject([
      {
        rule: "url/sign-in",
        actual: `${url}/a?…`,
        message: `the URL asks for a sign-in (${new URL(url).host})`,
      },
    ]);
  });

  it("a page that only mentions passwords is not a sign-in", async () => {
    const body = '<html><p type="password">type=password<input type="text">';
    const { url } = await serve(answering(200, {}, body));
    expect((await check(`${url}/login`)).findings).toMatchObject([{ rule: "url/viewer-page" }]);
  });
});

describe("behind a redirect", () => {
  const redirectedTo = async (location: string): Promise<UrlCheck> => {
    const { url } = await serve(answering(302, { location }));
    return check(`${url}/short?sig=S`);
  };

  it("another host is a note, and the file is read there", async () => {
    const { url } = await serve({});
    const { findings, source } = await redirectedTo(`${url}/a.jpg?sig=S`);
    expect(source?.size).toBe(picture.length);
    expect(findings).toEqual([
      {
        rule: "url/redirect",
        verdict: "note",
        actual: new URL(url).host,
        limit: null,
        unit: null,
        message: `it redirects to ${new URL(url).host}`,
        hint: null,
        readings: [],
        text: expect.anything(),
      },
    ]);
  });

  it("the same host is not", async () => {
    const { url } = await serve({
      instead: (request, response) =>
        request.url === "/short" && Boolean(response.writeHead(302, { location: "/a.jpg" }).end()),
    });
    expect(await check(`${url}/short`)).toMatchObject({ findings: [], source: { size: picture.length } });
  });

  it.each([
    ["a page that calls itself one, whatever its letters", "text/html", "Loading"],
    ["a page by its letters", "video/mp4", page],
  ])("%s is a page", async (_, type, body) => {
    const { url } = await serve(answering(200, { "content-type": type }, body));
    expect((await redirectedTo(`${url}/view`)).findings).toMatchObject([{ rule: "url/viewer-page" }]);
    expect((await redirectedTo(`${url}/login`)).findings).toMatchObject([{ rule: "url/sign-in" }]);
  });

  it("a share link is named", async () => {
    const { url } = await serve(answering(200, { "content-type": "text/html" }, page));
    const { findings } = await redirectedTo(`http://drive.google.com:${new URL(url).port}/file/d/1?sig=S`);
    expect(findings).toMatchObject([
      {
        rule: "url/share-link",
        actual: expect.stringMatching(/^http:\/\/drive\.google\.com:\d+\/file\/d\/1\?…$/),
        message: "a Google Drive share link opens a page, not the file",
      },
    ]);
  });

  it("without a redirect, text that is not a page is left to the check of the file", async () => {
    const { url } = await serve(answering(200, { "content-type": "text/html" }, "Loading"));
    const { findings, source } = await check(`${url}/login`);
    expect(findings).toMatchObject([{ rule: "url/content-type", verdict: "note" }]);
    expect(source).not.toBeNull();
  });

  it("a name that resolves to a private address is refused with a hint", async () => {
    const { url } = await serve({});
    const outer = await serve(answering(302, { location: `http://cdn.example.com:${new URL(url).port}/` }));
    const { findings } = await checkUrlInNode(outer.url, {
      allowPrivate: (hop) => hop.origin === outer.url,
      lookup: here,
    });
    expect(findings).toMatchObject([
      {
        actual: "cdn.example.com",
        message: expect.stringMatching(/\(loopback\)$/),
        hint: expect.stringMatching(/^upload the file itself/),
      },
    ]);
    // Not redirected, it says so of the address itself.
    const direct = await checkUrlInNode(`http://cdn.example.com:${new URL(url).port}/`, { lookup: here });
    expect(direct.findings).toMatchObject([
      {
        rule: "url/private-address",
        message: "cdn.example.com is not public (loopback), so the service cannot reach it",
      },
    ]);
  });
});
