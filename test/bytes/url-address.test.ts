import { array, assert, constantFrom, integer, oneof, property, string, tuple } from "fast-check";
import { describe, expect, it } from "vitest";
import { judgeAddress, judgeHost } from "../../src/bytes/url-address.ts";
import { isLoopbackHost } from "../../src/bytes/url-loopback.ts";
import { redactText, redactUrl } from "../../src/bytes/url-redact.ts";

describe("judgeHost", () => {
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
    expect(judgeHost(new URL(url).hostname)).toBe(why);
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
  ])("%s is public", (url) => expect(judgeHost(new URL(url).hostname)).toBeNull());

  it("what is no address is not public", () => {
    for (const text of ["", "x", "1.2.3", "1.2.3.256", ":::", "1::2::3", "::ffff:1.2.3.999", "12345::"])
      expect(judgeAddress(text)).toBe("reserved");
    expect(judgeAddress("fe80::1%eth0")).toBe("link-local");
  });
});

describe("redaction", () => {
  it.each([
    ["https://u:p@a.example/x.mp4?sig=S#t=S", "https://a.example/x.mp4?…"],
    ["https://a.example/x.mp4", "https://a.example/x.mp4"],
    ["data:image/png;base64,SSSS", "data:image/png,…"],
    ["nonsense?sig=S", "nonsense?…"],
  ])("%s", (url, shown) => {
    expect(redactUrl(url)).toBe(shown);
  });

  it("finds addresses in text", () => {
    expect(redactText('got 404 for "https://a.example/x?sig=S": (see http://b.example/y?z=S).')).toBe(
      'got 404 for "https://a.example/x?…": (see http://b.example/y?…).',
    );
    expect(redactText(String.raw`https:\/\/a.example\/x?a=1\u0026sig=S`)).not.toContain("S");
    expect(redactText("GET /x.mp4?X-Amz-Signature=S failed")).toBe("GET /x.mp4?… failed");
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

  it("says what judgeHost says, of any host", () => {
    let loopback = 0;
    assert(
      property(host, (text) => {
        const { hostname } = new URL(`http://${text}/`);
        if (isLoopbackHost(hostname)) loopback++;
        expect([hostname, isLoopbackHost(hostname)]).toEqual([hostname, judgeHost(hostname) === "loopback"]);
      }),
      { numRuns: 20_000 },
    );
    expect(loopback).toBeGreaterThan(500);
  });
});
