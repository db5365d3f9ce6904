import { connect, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { clip } from "../../src/emulator/clip.ts";
import type { HandlerOptions } from "../../src/server/index.ts";
import { key, type Stand, signedIn, stand, token } from "./stand.ts";

let here: Stand;
afterEach(async () => {
  await here.close();
});

async function status(path: string, init: RequestInit): Promise<[number, string]> {
  const response = await fetch(here.endpoint + path, init);
  const { error } = (await response.json()) as { error?: { code: string; message: string; hint: string } };
  expect(error?.message).toMatch(/./);
  return [response.status, error?.code ?? ""];
}

const send = (headers: Record<string, string>, body: BodyInit = clip()): Promise<[number, string]> =>
  status("/uploads", { method: "POST", headers: { ...signedIn, ...headers }, body });

/** Expects that nothing was stored or registered. */
async function nothingLeft(): Promise<void> {
  await expect.poll(() => here.spooled()).toEqual([]);
  expect(here.emulator.requests).toEqual([]);
}

describe("who may call", () => {
  test("another origin is refused, even with valid authorisation", async () => {
    here = await stand();
    const own = new URL(here.endpoint).origin;
    const port = new URL(own).port;
    const foreign: Record<string, string>[] = [
      { origin: "https://evil.example" },
      { origin: "null" },
      { origin: "garbage" },
      { origin: `http://127.0.0.1:${Number(port) + 1}` },
      { origin: `http://localhost:${port}` },
      { origin: own, "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
    ];
    for (const headers of foreign)
      expect([headers, await send(headers)]).toEqual([headers, [403, "forbidden"]]);
    expect(
      (
        await fetch(`${here.endpoint}/uploads`, {
          method: "OPTIONS",
          headers: { origin: "https://evil.example", "access-control-request-method": "POST" },
        })
      ).status,
    ).toBe(403);
    expect(here.events.every((event) => event.type === "rejected")).toBe(true);
    await nothingLeft();
  });

  test("its own origin is accepted, also behind a TLS proxy", async () => {
    here = await stand();
    const own = new URL(here.endpoint).origin;
    for (const origin of [own, own.replace("http:", "https:")]) {
      const response = await fetch(`${here.endpoint}/uploads`, {
        method: "POST",
        headers: { ...signedIn, origin, "sec-fetch-site": "same-origin" },
        body: clip(),
      });
      expect([origin, response.status]).toEqual([origin, 201]);
      expect(response.headers.get("access-control-allow-origin")).toBeNull();
    }
  });

  test("an allowed origin gets CORS headers; others do not", async () => {
    here = await stand({ allowedOrigins: ["https://app.example"] });
    const preflight = await fetch(`${here.endpoint}/uploads`, {
      method: "OPTIONS",
      headers: {
        origin: "https://app.example",
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,x-file-name",
      },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("access-control-allow-origin")).toBe("https://app.example");
    expect(preflight.headers.get("access-control-allow-headers")).toBe("authorization,x-file-name");
    const sent = await fetch(`${here.endpoint}/uploads`, {
      method: "POST",
      headers: { ...signedIn, origin: "https://app.example", "sec-fetch-site": "cross-site" },
      body: clip(),
    });
    expect([sent.status, sent.headers.get("access-control-allow-origin")]).toEqual([
      201,
      "https://app.example",
    ]);
    expect(await send({ origin: "https://app.example.evil.example" })).toEqual([403, "forbidden"]);
  });

  test("missing or wrong authorisation is refused before the body is read", async () => {
    here = await stand();
    const headers = { "content-type": "video/mp4" };
    expect(await status("/uploads", { method: "POST", headers, body: clip() })).toEqual([
      401,
      "unauthorized",
    ]);
    expect(
      await status("/assets", { method: "POST", headers: { authorization: "Bearer no" }, body: clip() }),
    ).toEqual([401, "unauthorized"]);
    expect(await status("/assets/abc", {})).toEqual([401, "unauthorized"]);
    let pulled = 0;
    const body = new ReadableStream<Uint8Array>(
      {
        pull: (controller) => {
          pulled += 1;
          controller.enqueue(new Uint8Array(10));
        },
      },
      { highWaterMark: 0 },
    );
    const request = new Request(`${here.endpoint}/uploads`, {
      method: "POST",
      body,
      duplex: "half",
    } as RequestInit);
    expect([(await here.handler(request)).status, pulled]).toEqual([401, 0]);
    await nothingLeft();
  });

  test("authorize refuses with false, undefined, a Response or an exception", async () => {
    const decisions: [HandlerOptions["authorize"], number][] = [
      [() => false, 401],
      [() => undefined as never, 401],
      [() => null as never, 401],
      [() => ({ ok: false }), 401],
      [() => ({ ok: "yes" }) as never, 401],
      [() => new Response("sign in", { status: 418 }), 418],
      [
        () => {
          throw new Error(`database password ${key}`);
        },
        500,
      ],
    ];
    for (const [authorize, expected] of decisions) {
      here = await stand({ authorize });
      const response = await fetch(`${here.endpoint}/uploads`, { method: "POST", body: clip() });
      expect(response.status).toBe(expected);
      expect(await response.text()).not.toContain(key);
      await nothingLeft();
      if (expected !== 500) await here.close();
    }
  });

  test("wrong methods and paths are coded errors", async () => {
    here = await stand();
    for (const [method, path, expected] of [
      ["GET", "/uploads", 405],
      ["PUT", "/assets", 405],
      ["DELETE", "/assets/abc", 405],
      ["POST", "/assets/abc", 405],
      ["GET", "/", 404],
      ["POST", "/uploads/abc", 404],
    ] as const) {
      const response = await fetch(here.endpoint + path, { method, headers: signedIn });
      expect([method, path, response.status]).toEqual([method, path, expected]);
      if (expected === 405) expect(response.headers.get("allow")).toMatch(/GET|POST/);
    }
    await nothingLeft();
  });
});

describe("bodies", () => {
  test("over the cap: refused by Content-Length before a byte is read", async () => {
    here = await stand({ maxBytes: 4000, spool: "disk" });
    expect(await send({ "content-type": "video/mp4" })).toEqual([413, "too-large"]);
    await nothingLeft();
  });

  test("over the cap without a length: reading stops at the cap", async () => {
    for (const spool of ["memory", "disk"] as const) {
      here = await stand({ maxBytes: 100_000, spool });
      let pulled = 0;
      const body = new ReadableStream<Uint8Array>({
        pull(controller) {
          pulled += 10_000;
          controller.enqueue(new Uint8Array(10_000));
        },
      });
      const request = new Request(`${here.endpoint}/uploads`, {
        method: "POST",
        headers: signedIn,
        body,
        duplex: "half",
      } as RequestInit);
      const answer = await here.handler(request);
      expect(answer.status).toBe(413);
      expect(pulled).toBeLessThan(150_000);
      await nothingLeft();
      const over = await fetch(`${here.endpoint}/uploads`, {
        method: "POST",
        headers: signedIn,
        body: new Blob([new Uint8Array(300_000)]).stream(),
        duplex: "half",
      } as RequestInit);
      expect(over.status).toBe(413);
      await nothingLeft();
      if (spool === "memory") await here.close();
    }
  });

  test("a wrong length is refused, too long or too short, in every kind of body", async () => {
    here = await stand({ spool: "disk" });
    for (const length of ["5", "999999", "x", "-1", "1e3"]) {
      const request = new Request(`${here.endpoint}/uploads`, {
        method: "POST",
        headers: { ...signedIn, "content-length": length },
        body: clip(),
      });
      expect([length, (await here.handler(request)).status]).toEqual([length, 400]);
    }
    await nothingLeft();
  });

  test("an encoded body is refused", async () => {
    here = await stand();
    expect(await send({ "content-encoding": "gzip" })).toEqual([415, "invalid-request"]);
    await nothingLeft();
  });

  test("invalid headers are refused", async () => {
    here = await stand();
    expect(await send({ "x-media-type": "film" })).toEqual([400, "usage"]);
    expect(await send({ "x-file-name": "%E0%A4%A" })).toEqual([400, "usage"]);
    expect(await send({ "x-asset-name": "x".repeat(65) })).toEqual([400, "usage"]);
    expect(await send({ "x-asset-name": "a%0Ab" })).toEqual([400, "usage"]);
    const json = { "content-type": "application/json" };
    for (const body of ["", "[", '"x"', "x".repeat(20_000)]) {
      const [code] = await status("/assets", { method: "POST", headers: { ...signedIn, ...json }, body });
      expect(code).toBe(body.length > 16_384 ? 413 : 400);
    }
    await nothingLeft();
  });

  test("a page cannot choose a name that looks generated", async () => {
    here = await stand();
    const name = `sunset-${"0a".repeat(16)}`;
    expect(await send({ "x-asset-name": name })).toEqual([400, "usage"]);
    const json = { ...signedIn, "content-type": "application/json" };
    const sent = await fetch(`${here.endpoint}/uploads`, { method: "POST", headers: signedIn, body: clip() });
    const { upload } = (await sent.json()) as { upload: { id: string } };
    const body = JSON.stringify({ upload: upload.id, name: name.toUpperCase() });
    expect(await status("/assets", { method: "POST", headers: json, body })).toEqual([400, "usage"]);
    expect(here.emulator.snapshot().assets).toEqual([]);
  });

  test("no URL is ever fetched", async () => {
    here = await stand();
    for (const body of [{ url: "http://127.0.0.1/" }, { upload: "http://127.0.0.1/" }]) {
      const init = {
        method: "POST",
        headers: { ...signedIn, "content-type": "application/json" },
        body: JSON.stringify(body),
      };
      expect(await status("/assets", init)).toEqual([404, "not-found"]);
    }
    await nothingLeft();
  });

  test("too many requests at once get a Retry-After", async () => {
    here = await stand({ maxConcurrent: 1, spool: "disk" });
    const slow = open(10_000);
    await expect.poll(() => here.spooled().length).toBeGreaterThan(0);
    expect(await send({})).toEqual([503, "rate-limited"]);
    slow.destroy();
    await expect
      .poll(
        async () =>
          (await fetch(`${here.endpoint}/uploads`, { method: "POST", headers: signedIn, body: clip() }))
            .status,
      )
      .toBe(201);
  });
});

describe("clients that do not finish", () => {
  for (const spool of ["memory", "disk"] as const) {
    test(`disconnecting in the middle of the body: nothing is stored or sent (${spool})`, async () => {
      let asked = 0;
      here = await stand({ spool, authorize: () => ({ ok: ++asked > 0, label: "ann" }) });
      const socket = open(10_000);
      await expect.poll(() => (spool === "disk" ? here.spooled().length : asked)).toBeGreaterThan(0);
      socket.destroy();
      await expect.poll(() => here.events).toMatchObject([{ type: "rejected", code: "aborted" }]);
      await nothingLeft();
    });
  }

  test("stalling in the middle of the body: the request times out", async () => {
    here = await stand({ spool: "disk", idleTimeout: 100 });
    const socket = open(10_000);
    const answer = await new Promise<string>((resolve) => {
      let text = "";
      socket.setEncoding("latin1").on("data", (chunk: string) => {
        text += chunk;
        if (text.includes("}}")) resolve(text);
      });
      socket.on("close", () => resolve(text));
    });
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    await nothingLeft();
    socket.destroy();
  });

  test("a very slow body times out and frees its slot", async () => {
    here = await stand({ spool: "disk", idleTimeout: 300, minBytesPerSecond: 100_000 });
    const socket = open(100_000);
    const dripping = setInterval(() => socket.write("x"), 50);
    const answer = await new Promise<string>((resolve) => {
      let text = "";
      socket.setEncoding("latin1").on("data", (chunk: string) => {
        text += chunk;
        if (text.includes("}}")) resolve(text);
      });
      socket.on("close", () => resolve(text));
    });
    clearInterval(dripping);
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    await nothingLeft();
    socket.destroy();
  });

  test("one label cannot use the slots of the others", async () => {
    here = await stand({ spool: "disk", maxConcurrent: 4, maxConcurrentPerLabel: 2 });
    const slow = [open(10_000), open(10_000)];
    await expect.poll(() => here.spooled().filter((name) => !name.includes("/")).length).toBe(2);
    expect(await send({})).toEqual([429, "rate-limited"]);
    const bob = { ...signedIn, "x-user": "bob" };
    const accepted = await fetch(`${here.endpoint}/uploads`, { method: "POST", headers: bob, body: clip() });
    expect(accepted.status).toBe(201);
    for (const socket of slow) socket.destroy();
    await expect.poll(() => here.spooled()).toEqual([]);
    expect(await send({}).catch(() => null)).not.toEqual([429, "rate-limited"]);
  });

  test("disconnecting while the bytes are forwarded: the temporary file is removed, and no asset is registered", async () => {
    here = await stand({ spool: "disk" }, { delayed: 1, delayMs: 60_000, faultsOn: ["upload"] });
    const leave = new AbortController();
    const headers = { ...signedIn, accept: "application/x-ndjson" };
    const sent = fetch(`${here.endpoint}/assets`, {
      method: "POST",
      headers,
      body: clip(),
      signal: leave.signal,
    });
    const response = await sent;
    expect(here.spooled().length).toBeGreaterThan(0);
    leave.abort();
    await response.text().catch(() => {});
    await expect.poll(() => here.spooled()).toEqual([]);
    expect(here.emulator.snapshot().assets).toEqual([]);
  });
});

/** Opens a request whose body stalls after its first bytes. */
function open(length: number): Socket {
  const { port, hostname } = new URL(here.endpoint);
  const socket = connect(Number(port), hostname, () => {
    socket.write(
      `POST /media/uploads HTTP/1.1\r\nHost: ${hostname}:${port}\r\nAuthorization: Bearer ${token}\r\nContent-Length: ${length}\r\n\r\n`,
    );
    socket.write(new Uint8Array(1000));
  });
  socket.on("error", () => {});
  return socket;
}

describe("errors of the service", () => {
  test("its messages stay on the server, and the key appears nowhere", async () => {
    here = await stand({ spool: "disk" }, { signedUrls: true });
    const json = { ...signedIn, "content-type": "application/json" };
    const add = (): Promise<[number, string]> =>
      status("/assets", { method: "POST", headers: signedIn, body: clip() });
    const faults: [Parameters<typeof here.emulator.set>[0], [number, string]][] = [
      [{ serverError: 1 }, [502, "server"]],
      [{ rateLimited: 1, serverError: 0 }, [503, "rate-limited"]],
      [{ html403: 1, rateLimited: 0 }, [500, "server"]],
      [{ cutBefore: 1, html403: 0 }, [502, "network"]],
      [{ cutBefore: 0, tooLarge: true }, [413, "too-large"]],
      [
        { tooLarge: false, bareAssets: true, serverErrorAfter: 1, faultsOn: ["register"] },
        [502, "outcome-unknown"],
      ],
    ];
    for (const [toggles, expected] of faults) {
      here.emulator.set(toggles);
      expect([toggles, await add()]).toEqual([toggles, expected]);
    }
    // The answer was lost though it was done: asked again, it says so again, and registers nothing more.
    const registered = here.emulator.snapshot().assets.length;
    here.emulator.set({ serverErrorAfter: 1 });
    const sent = await fetch(`${here.endpoint}/uploads`, { method: "POST", headers: signedIn, body: clip() });
    const { upload } = (await sent.json()) as { upload: { id: string } };
    for (let i = 0; i < 3; i++) {
      expect(
        await status("/assets", {
          method: "POST",
          headers: json,
          body: JSON.stringify({ upload: upload.id }),
        }),
      ).toEqual([502, "outcome-unknown"]);
    }
    expect(here.emulator.snapshot().assets.length).toBe(registered + 1);
    // Where the list shows addresses, the lost answer is found: registered, and once.
    here.emulator.set({ serverErrorAfter: 1, bareAssets: false });
    expect(
      (await fetch(`${here.endpoint}/assets`, { method: "POST", headers: signedIn, body: clip() })).status,
    ).toBe(201);
    expect(here.emulator.snapshot().assets.length).toBe(registered + 2);
    await expect.poll(() => here.spooled()).toEqual([]);

    const seen =
      here.sent.join("\n") + JSON.stringify(here.emulator.requests) + JSON.stringify(here.events, errors);
    expect(seen).toContain("outcome-unknown");
    for (const secret of [key, token, "X-Signature"]) expect(seen).not.toContain(secret);
  });

  test("a wrong key is reported on the server, not to the page", async () => {
    here = await stand({}, { key: "another key" });
    expect(await send({})).toEqual([500, "server"]);
    expect(here.events.at(-1)).toMatchObject({ type: "error", error: { code: "unauthorized" } });
  });
});

/** Errors with all their properties, including stacks and causes. */
function errors(_name: string, value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  return { ...value, message: value.message, stack: value.stack, cause: value.cause };
}
