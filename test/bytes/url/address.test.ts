import { array, assert, constantFrom, integer, oneof, property, string, tuple } from "fast-check";
import { describe, expect, it } from "vitest";
import { checkAddress, checkHost } from "../../../src/bytes/url/address.ts";
import { isLoopbackHost } from "../../../src/bytes/url/loopback.ts";
import { redactText, redactUrl } from "../../../src/bytes/url/redact.ts";
import { propertyRuns } from "../../property-runs.ts";

describe("checkHost", () => {
  it.each([
    ["http://127.0.0.1/", "loopback"],
    ["http://127.255.0.3/", "loopback"],
    ["http://2130706433/", "loopback"],
    ["http://0177.0.0.1/", "loopback"],
    ["http://0x7f000001/", "loopback"],
    ["http://127.1/", "loopback"],
    ["http://[::1]/", "loopback"],
    ["http://[0:0:0:0:0:0:0:1]/", "loopback"],
    ["http://[::ffff:127.0.0.1]/", "loopback"],
    ["http://[::ffff:7f00:1]/", "loopback"],
    ["http://[::127.0.0.1]/", "loopback"],
    ["http://[64:ff9b::10.0.0.1]/", "private"],
    ["http://[2002:a00:1::]/", "private"],
    ["http://localhost/", "loopback"],
    ["http://LOCALHOST./", "loopback"],
    ["http://a.localhost/", "loopback"],
    ["http://0.0.0.0/", "unspecified"],
    ["http://0/", "unspecified"],
    ["http://[::]/", "unspecified"],
    ["http://10.1.2.3/", "private"],
    ["http://172.16.0.1/", "private"],
    ["http://172.31.255.255/", "private"],
    ["http://192.168.1.1/", "private"],
    ["http://168.63.129.16/metadata", "private"],
    ["http://[::ffff:168.63.129.16]/", "private"],
    ["http://[fd12::1]/", "private"],
    ["http://[fc00::1]/", "private"],
    ["http://100.64.0.1/", "shared"],
    ["http://100.127.255.255/", "shared"],
    ["http://169.254.169.254/latest/meta-data", "link-local"],
    ["http://[fe80::1]/", "link-local"],
    ["http://224.0.0.1/", "multicast"],
    ["http://[ff02::1]/", "multicast"],
    ["http://255.255.255.255/", "reserved"],
    ["http://198.18.0.1/", "reserved"],
    ["http://[2001:db8::1]/", "reserved"],
    ["http://metadata.google.internal/", "local-name"],
    ["http://printer.local/", "local-name"],
    ["http://intranet/", "local-name"],
  ])("%s is %s", (url, why) => {
    expect(checkHost(new URL(url).hostname)).toBe(why);
  });

  it.each([
    "http://8.8.8.8/",
    "http://172.32.0.1/",
    "http://100.128.0.1/",
    "http://[2606:4700::1111]/",
    "http://[::ffff:8.8.8.8]/",
    "https://cdn.example.com/",
    "https://localhost.example.com/",
    "https://10.0.0.1.example.com/",
  ])("%s is public", (url) => expect(checkHost(new URL(url).hostname)).toBeNull());

  // As a resolver returns them, not as a URL spells them.
  it.each([
    ["::ffff:8.8.8.8", null],
    ["::ffff:10.1.2.3", "private"],
    ["::ffff:172.31.0.1", "private"],
    ["::ffff:172.32.0.1", null],
    ["::ffff:169.254.169.254", "link-local"],
    ["::ffff:100.127.255.255", "shared"],
    ["::ffff:192.0.2.130", "reserved"],
    ["::ffff:192.0.3.130", null],
    ["::FFFF:A9FE:A9FE", "link-local"],
    ["::ffff:0:169.254.169.254", "link-local"],
    ["::ffff:0:8.8.8.8", null],
    ["::ffff:1:8.8.8.8", "reserved"],
    ["::1:8.8.8.8", "reserved"],
    ["::1:0:8.8.8.8", "reserved"],
    ["::8.8.8.8", "reserved"],
    ["::169.254.169.254", "link-local"],
    ["64:ff9b::8.8.8.8", null],
    ["64:ff9b::169.254.169.254", "link-local"],
    ["64:ff9b:1::8.8.8.8", "private"],
    ["64:ff9c::8.8.8.8", "reserved"],
    ["65:ff9b::8.8.8.8", "reserved"],
    ["2002:808:808::1", null],
    ["2002:a9fe:a9fe::1", "link-local"],
    ["2001::1", "reserved"],
    ["2001:10::1", "reserved"],
    ["2001:1f::1", "reserved"],
    ["2001:20::1", "reserved"],
    ["2001:30::1", null],
    ["2001:4860:4860::8888", null],
    ["2001:4860:1:2:3:4:5::", null],
    ["3fff:ffff::1", null],
    ["4000::1", "reserved"],
    ["1fff::1", "reserved"],
    ["fe80::1", "link-local"],
    ["febf::1", "link-local"],
    ["fec0::1", "private"],
    ["fdff::1", "private"],
    ["fe00::1", "reserved"],
    ["fe80::1%eth0", "link-local"],
  ] as const)("the address %s is %s", (address, why) => expect(checkAddress(address)).toBe(why));

  it.each(["http://a.local.example.com/", "http://a.onion.example.com/", "http://home.arpa.example.com/"])(
    "%s, which only looks like a local name, is public",
    (url) => expect(checkHost(new URL(url).hostname)).toBeNull(),
  );

  it("an almost valid address is not public", () => {
    for (const text of [
      "x8.8.8.8",
      "1.8.8.8.8",
      "8.8.8.8x",
      "::ffff:8.8.8.8x",
      "::ffff:8.8.8.8:1",
      "2001:4860::1::2",
      "2001:4860:2:3::4:5:6:7:8",
      "2001:4860:2:3:4:5:6:7:8",
      "2001:4860:2:3:4:5:6",
      "2001:4860::x1",
      "2001:4860::1x",
      "2001:4860::12345",
    ])
      expect([text, checkAddress(text)]).toEqual([text, "reserved"]);
  });

  it("an invalid address is not public", () => {
    for (const text of ["", "x", "1.2.3", "1.2.3.256", ":::", "1::2::3", "::ffff:1.2.3.999", "12345::"])
      expect(checkAddress(text)).toBe("reserved");
    expect(checkAddress("fe80::1%eth0")).toBe("link-local");
  });
});

describe("redaction", () => {
  it.each([
    ["https://u:p@a.example/x.mp4?sig=S#t=S", "https://a.example/x.mp4?…"],
    ["https://a.example/x.mp4", "https://a.example/x.mp4"],
    ["data:image/png;base64,SSSS", "data:image/png,…"],
    ["nonsense?sig=S", "nonsense?…"],
    ["nonsense\n#sig=S", "nonsense\n?…"],
    ["file:///tmp/clip.mp4?sig=S", "file:///tmp/clip.mp4?…"],
    ["mailto:someone@a.example", "mailto:someone@a.example"],
    [`data:${"x".repeat(100)}`, `data:${"x".repeat(43)},…`],
    ["data:text/plain,SSSS", "data:text/plain,…"],
  ])("%s", (url, shown) => {
    expect(redactUrl(url)).toBe(shown);
  });

  it("finds URLs in text", () => {
    expect(redactText('got 404 for "https://a.example/x?sig=S": (see http://b.example/y?z=S).')).toBe(
      'got 404 for "https://a.example/x?…": (see http://b.example/y?…).',
    );
    expect(redactText("https://a.example/x.mp4.")).toBe("https://a.example/x.mp4.");
    expect(redactText("(ws://u:p@a.example/x?sig=S, ftp://u:p@a.example/x)")).toBe(
      "(ws://a.example/x?…, ftp://a.example/x)",
    );
    expect(redactText(String.raw`https:\/\/a.example\/x?a=1\u0026sig=S`)).toBe("https://a.example/x?…");
    expect(redactText("GET /x.mp4?X-Amz-Signature=SECRET&b=SECRET failed")).toBe("GET /x.mp4?… failed");
    expect(redactText("what? nothing here")).toBe("what? nothing here");
  });
});

describe("isLoopbackHost", () => {
  const word = oneof(
    constantFrom("0", "0", "0", "1", "7f00", "7fff", "7f", "7e00", "8000", "ffff", "64", "ff9b", "2002"),
    integer({ min: 0, max: 0xffff }).map((n) => n.toString(16)),
  );
  const byte = oneof(constantFrom(127, 0, 1, 255), integer({ min: 0, max: 255 }));
  const host = oneof(
    array(word, { minLength: 8, maxLength: 8 }).map((words) => `[${words.join(":")}]`),
    tuple(
      constantFrom("::", "::ffff:", "::ffff:0:", "64:ff9b::", "64:ff9b:1::", "2002:", "1::"),
      word,
      word,
    ).map(([start, a, b]) => (start === "2002:" ? `[${start}${a}:${b}::1]` : `[${start}${a}:${b}]`)),
    array(byte, { minLength: 4, maxLength: 4 }).map((bytes) => bytes.join(".")),
    tuple(string({ unit: constantFrom("a", "1", ".", "l"), maxLength: 4 }), constantFrom(".", "")).map(
      ([start, end]) => `${start}localhost${end}`,
    ),
    string({ unit: constantFrom("1", "2", "7", "0", ".", "a"), minLength: 1, maxLength: 11 }),
  ).filter((text) => URL.canParse(`http://${text}/`));

  it("agrees with checkHost on every host", () => {
    let loopback = 0;
    assert(
      property(host, (text) => {
        const { hostname } = new URL(`http://${text}/`);
        if (isLoopbackHost(hostname)) loopback++;
        expect([hostname, isLoopbackHost(hostname)]).toEqual([hostname, checkHost(hostname) === "loopback"]);
      }),
      propertyRuns({ short: 4000, long: 20_000 }),
    );
    expect(loopback).toBeGreaterThan(500);
  });
});
