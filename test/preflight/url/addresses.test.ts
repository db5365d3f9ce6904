import { describe, expect, it } from "vitest";
import { expiryOf } from "../../../src/preflight/url/expiry.ts";
import { checkUrl } from "../../../src/preflight/url/public-url.ts";
import { isSignIn, shareLinkOf } from "../../../src/preflight/url/share-links.ts";

/* Findings from a URL alone, before anything is fetched. */

describe("a share link", () => {
  it.each([
    ["https://drive.google.com/open?id=1", "Google Drive", { do: "storage" }],
    ["https://drive.google.com./open?id=1", "Google Drive", { do: "storage" }],
    ["https://www.dropbox.com/s/a/b.mp4?dl=0", "Dropbox", { do: "query", query: "raw=1" }],
    ["https://dropbox.com/sh/a?raw=0", "Dropbox", { do: "query", query: "raw=1" }],
    ["https://db.tt/abc", "Dropbox", { do: "storage" }],
    ["https://onedrive.live.com/?id=1", "OneDrive", { do: "storage" }],
    ["https://contoso-my.sharepoint.com/personal/a/_layouts/15/x.aspx", "SharePoint", { do: "storage" }],
    ["https://team.wetransfer.com/downloads/1", "WeTransfer", { do: "storage" }],
    ["https://acme.app.box.com/s/abc", "Box", { do: "storage" }],
    ["https://mega.nz/file/abc", "MEGA", { do: "storage" }],
    ["https://disk.yandex.ru/d/abc", "Yandex Disk", { do: "storage" }],
    [
      "https://github.com/o/r/blob/main/a/b.mp4?plain=1",
      "GitHub",
      { do: "use", url: "https://github.com/o/r/raw/main/a/b.mp4" },
    ],
    [
      "https://gitlab.com/o/p/r/-/blob/main/b.mp4",
      "GitLab",
      { do: "use", url: "https://gitlab.com/o/p/r/-/raw/main/b.mp4" },
    ],
    [
      "https://bitbucket.org/o/r/src/main/b.mp4",
      "Bitbucket",
      { do: "use", url: "https://bitbucket.org/o/r/raw/main/b.mp4" },
    ],
    [
      "https://huggingface.co/o/r/blob/main/b.mp4",
      "Hugging Face",
      { do: "use", url: "https://huggingface.co/o/r/resolve/main/b.mp4" },
    ],
    ["https://music.youtube.com/watch?v=1", "YouTube", { do: "download" }],
    ["https://vm.tiktok.com/abc", "TikTok", { do: "download" }],
    ["https://x.com/a/status/1", "X", { do: "download" }],
    ["https://imgur.com/AbC", "Imgur", { do: "download" }],
    ["https://unsplash.com/de/photos/abc", "Unsplash", { do: "download" }],
    ["https://team.notion.site/abc", "Notion", { do: "storage" }],
    ["https://acme.slack.com/files/U1/F1/a.mp4", "Slack", { do: "storage" }],
    ["https://discord.com/channels/1/2", "Discord", { do: "storage" }],
  ])("%s", (address, service, instead) =>
    expect(shareLinkOf(new URL(address))).toEqual({ service, instead }),
  );
  it.each([
    "https://www.dropbox.com/s/a/b.mp4?dl=1",
    "https://www.dropbox.com/about",
    "https://dl.dropboxusercontent.com/s/a/b.mp4",
    "https://onedrive.live.com/download?cid=1",
    "https://contoso.sharepoint.com/:v:/s/a?e=1&download=1",
    "https://github.com/o/r/raw/main/b.mp4",
    "https://github.com/o/r/blob/main/b.mp4?raw=true",
    "https://notgithub.com/o/r/blob/main/b.mp4",
    "https://imgur.com/AbC.mp4",
    "https://unsplash.com/photos/abc/download?force=true",
    "https://cdn.discordapp.com/attachments/1/2/a.mp4",
    "https://example.com/youtube.com/watch",
  ])("%s is not", (address) => expect(shareLinkOf(new URL(address))).toBeNull());
});

describe("a sign-in", () => {
  it.each([
    "https://accounts.google.com/x",
    "https://login.microsoftonline.com/x",
    "https://acme.okta.com/app",
    "https://example.com/login",
    "https://example.com/users/sign_in",
    "https://example.com/sso/start",
    "https://example.com/oauth2/v1",
    "https://example.com/auth/log-in.html",
  ])("%s", (address) => expect(isSignIn(new URL(address))).toBe(true));
  it.each([
    "https://example.com/blogindex",
    "https://example.com/design-inspiration",
    "https://example.com/?next=/login",
    "https://okta.com.example.com/x",
  ])("%s is not", (address) => expect(isSignIn(new URL(address))).toBe(false));
});

describe("when a URL expires", () => {
  const at = Date.UTC(2026, 10, 22, 10, 0, 0);
  const of = (query: string): number | null => expiryOf(new URL(`https://b.example.com/x?${query}`));
  it.each([
    ["x-obs-date=20261122T090000Z&x-obs-expires=3600", at],
    ["x-bce-date=20261122T095959Z&x-bce-expires=1", at],
    [`Expires=${at / 1000}&X-Amz-Date=20261122T100000Z&X-Amz-Expires=60`, at],
    [`Expires=${at / 1000 + 60}&X-Amz-Date=20261122T090000Z&X-Amz-Expires=3600`, at],
    [`x-expires=${at / 1000}`, at],
    [`expire=${at / 1000}`, at],
    [`exp=${at / 1000}`, at],
    [`expiry=${at / 1000}`, at],
    ["se=2026-11-22T10:00:00Z&sv=2024", at],
    ["se=2026-11-22T10:00:00Z&sig=x", at],
    ["exp=1000000000", 1e12],
    ["exp=3999999999", 3_999_999_999_000],
    [`hm=x&ex=${(at / 1000).toString(16).toUpperCase()}`, at],
  ])("%s", (query, end) => expect(of(query)).toBe(end));
  it.each([
    ["a date of another vendor", "X-Amz-Date=20261122T090000Z&X-Goog-Expires=3600"],
    ["no date", "X-Amz-Expires=3600"],
    ["a date that is none", "X-Amz-Date=20261322T090000Z&X-Amz-Expires=3600"],
    ["a date with something before it", "X-Amz-Date=120261122T090000Z&X-Amz-Expires=3600"],
    ["a date with something behind it", "X-Amz-Date=20261122T090000Z1&X-Amz-Expires=3600"],
    ["a name that only begins with it", "X-Amz-Expires-In=3600&X-Amz-Date=20261122T090000Z"],
    ["digits with something behind them", "exp=1700000000x"],
    ["hexadecimal digits with something behind them", "hm=x&ex=6922a0a0x"],
    ["seconds that are no number", "X-Amz-Date=20261122T090000Z&X-Amz-Expires=1h"],
    ["more seconds than any", "X-Amz-Date=20261122T090000Z&X-Amz-Expires=1234567890"],
    ["a name that only contains it", "AX-Amz-Expires=3600&X-Amz-Date=20261122T090000Z"],
    ["before 2001", "exp=0999999999"],
    ["after 2096", "exp=4000000000"],
    ["eleven digits", "exp=17000000000"],
    ["nine hexadecimal digits", "hm=x&ex=1692230a00"],
    ["hexadecimal without what Discord signs by", "ex=6922a0a0"],
    ["decimal digits where hexadecimal ones are read", "hm=x&ex=169223zz"],
    ["an end without a signature", "se=2026-11-22T10:00:00Z"],
    ["a signing time without an end", "q-sign-time=1700000000"],
  ])("not by %s", (_, query) => expect(of(query)).toBeNull());
});

describe("a finding about a URL", () => {
  it("has a message, a hint and no secret", async () => {
    const [finding] = (await checkUrl("https://github.com/o/r/blob/main/c.mp4?token=SECRET")).findings;
    expect(finding).toEqual({
      rule: "url/share-link",
      verdict: "fail",
      reason: "limit",
      actual: "https://github.com/o/r/blob/main/c.mp4?…",
      limit: null,
      unit: null,
      message: "a GitHub share link opens a page, not the file",
      hint: "use https://github.com/o/r/raw/main/c.mp4 instead",
      readings: [],
      text: expect.anything(),
    });
  });
  it.each([
    ["ftp://a.example.com/x", "the service cannot fetch ftp: URLs"],
    ["nothing", "not a valid URL"],
    ["data:text/plain,x", "a data: URL; the service does not take media inline when an asset is registered"],
    [
      "https://u@a.example.com/x",
      "the URL contains a user name or password, which the service does not send",
    ],
    [
      "https://:p@a.example.com/x",
      "the URL contains a user name or password, which the service does not send",
    ],
    ["https://youtu.be/x", "a YouTube page is not the file itself"],
  ])("%s: %s", async (address, message) => {
    const { findings, source, etag } = await checkUrl(address);
    expect(findings.map((f) => f.message)).toEqual([message]);
    expect([source, etag]).toEqual([null, null]);
  });
  it("is reported together with all others that apply", async () => {
    const { findings } = await checkUrl("http://u:p@10.0.0.1/x?Expires=1000000000");
    expect(findings.map((f) => f.rule)).toEqual(["url/private-address", "url/sign-in", "url/expires"]);
    expect(findings[0]).toMatchObject({
      actual: "10.0.0.1",
      message: expect.stringContaining("10.0.0.1 is not public"),
    });
    expect(findings[2]).toMatchObject({
      unit: "s",
      message: expect.stringMatching(/^the URL expired .+ ago$/),
    });
    expect(Number(findings[2]?.actual)).toBeLessThan(0);
    expect(findings[2]?.hint).toContain("sign it for several hours");
  });
  it("is in the given language", async () => {
    const { en } = await import("../../../src/report/messages/en.ts");
    const locale = { ...en, "url.scheme": "nicht: {scheme} {unknown}" };
    expect((await checkUrl("ftp://a.example.com/", { locale })).findings[0]?.message).toBe("nicht: ftp: ");
  });
});
