import { connect, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { clip } from "../../src/emulator/clip.ts";
import type { HandlerOptions } from "../../src/server/index.ts";
import { key, type RunningHandler, signedIn, startHandler, token } from "./start-handler.ts";

let running: RunningHandler;
afterEach(async () => {
  await running.close();
});

async function status(path: string, init: RequestInit): Promise<[number, string]> {
  const response = await fetch(running.endpoint + path, init);
  const { error } = (await response.json()) as { error?: { code: string; message: string; hint: string } };
  expect(error?.message).toMatch(/./);
  return [response.status, error?.code ?? ""];
}

const send = (headers: Record<string, string>, body: BodyInit = clip()): Promise<[number, string]> =>
  status("/uploads", { method: "POST", headers: { ...signedIn, ...headers }, body });

/** Expects that nothing was stored or registered. */
async function nothingLeft(): Promise<void> {
  await expect.poll(() => running.spooled()).toEqual([]);
  expect(running.emulator.requests).toEqual([]);
}

describe("who may call", () => {
  test("another origin is refused, even with valid authorisation", async () => {
    running = await startHandler();
    const own = new URL(running.endpoint).origin;
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
        await fetch(`${running.endpoint}/uploads`, {
          method: "OPTIONS",
          headers: { origin: "https://evil.example", "access-control-request-method": "POST" },
        })
      ).status,
    ).toBe(403);
    expect(running.events.every((event) => event.type === "rejected")).toBe(true);
    await nothingLeft();
  });

  test("its own origin is accepted, also behind a TLS proxy", async () => {
    running = await startHandler();
    const own = new URL(running.endpoint).origin;
    for (const origin of [own, own.replace("http:", "https:")]) {
      const response = await fetch(`${running.endpoint}/uploads`, {
        method: "POST",
        headers: { ...signedIn, origin, "sec-fetch-site": "same-origin" },
        body: clip(),
      });
      expect([origin, response.status]).toEqual([origin, 201]);
      expect(response.headers.get("access-control-allow-origin")).toBeNull();
    }
  });

  test("its own origin is accepted where the framework states another host in the request's URL", async () => {
    running = await startHandler();
    const { handler } = running;
    const status = async (headers: Record<string, string>) => {
      const request = new Request("http://localhost:3000/media/uploads", {
        method: "POST",
        headers: { ...signedIn, ...headers },
        body: clip(),
      });
      return (await handler(request)).status;
    };
    const page = { origin: "https://app.example", host: "app.example" };
    expect(await status(page)).toBe(201);
    expect(await status({ ...page, "sec-fetch-site": "same-origin" })).toBe(201);
    // A proxy may replace the host; a browser's own word is enough.
    expect(await status({ ...page, host: "10.0.0.7:3000", "sec-fetch-site": "same-origin" })).toBe(201);
    expect(await status({ ...page, host: "10.0.0.7:3000" })).toBe(403);
    expect(await status({ ...page, "sec-fetch-site": "cross-site" })).toBe(403);
    expect(await status({ ...page, origin: "https://evil.example" })).toBe(403);
  });

  test("an allowed origin gets CORS headers; others do not", async () => {
    running = await startHandler({ allowedOrigins: ["https://app.example"] });
    const preflight = await fetch(`${running.endpoint}/uploads`, {
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
    const sent = await fetch(`${running.endpoint}/uploads`, {
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
    running = await startHandler();
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
    const request = new Request(`${running.endpoint}/uploads`, {
      method: "POST",
      body,
      duplex: "half",
    } as RequestInit);
    expect([(await running.handler(request)).status, pulled]).toEqual([401, 0]);
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
      running = await startHandler({ authorize });
      const response = await fetch(`${running.endpoint}/uploads`, { method: "POST", body: clip() });
      expect(response.status).toBe(expected);
      expect(await response.text()).not.toContain(key);
      await nothingLeft();
      if (expected !== 500) await running.close();
    }
  });

  test("wrong methods and paths are coded errors", async () => {
    running = await startHandler();
    for (const [method, path, expected] of [
      ["PUT", "/uploads", 405],
      ["GET", "/uploads/abc", 405],
      ["PUT", "/assets", 405],
      ["DELETE", "/assets/abc", 405],
      ["POST", "/assets/abc", 405],
      ["GET", "/", 404],
      ["POST", "/uploads/abc", 404],
    ] as const) {
      const response = await fetch(running.endpoint + path, { method, headers: signedIn });
      expect([method, path, response.status]).toEqual([method, path, expected]);
      if (expected === 405) expect(response.headers.get("allow")).toMatch(/GET|POST/);
    }
    await nothingLeft();
  });
});

describe("bodies", () => {
  test("over the cap: refused by Content-Length before a byte is read", async () => {
    running = await startHandler({ maxBytes: 4000, spool: "disk" });
    expect(await send({ "content-type": "video/mp4" })).toEqual([413, "too-large"]);
    await nothingLeft();
  });

  test("over the cap without a length: reading stops at the cap", async () => {
    for (const spool of ["memory", "disk"] as const) {
      running = await startHandler({ maxBytes: 100_000, spool });
      let pulled = 0;
      const body = new ReadableStream<Uint8Array>({
        pull(controller) {
          pulled += 10_000;
          controller.enqueue(new Uint8Array(10_000));
        },
      });
      const request = new Request(`${running.endpoint}/uploads`, {
        method: "POST",
        headers: signedIn,
        body,
        duplex: "half",
      } as RequestInit);
      const answer = await running.handler(request);
      expect(answer.status).toBe(413);
      expect(pulled).toBeLessThan(150_000);
      await nothingLeft();
      const over = await fetch(`${running.endpoint}/uploads`, {
        method: "POST",
        headers: signedIn,
        body: new Blob([new Uint8Array(300_000)]).stream(),
        duplex: "half",
      } as RequestInit);
      expect(over.status).toBe(413);
      await nothingLeft();
      if (spool === "memory") await running.close();
    }
  });

  test("a wrong length is refused, too long or too short, in every kind of body", async () => {
    running = await startHandler({ spool: "disk" });
    for (const length of ["5", "999999", "x", "-1", "1e3"]) {
      const request = new Request(`${running.endpoint}/uploads`, {
        method: "POST",
        headers: { ...signedIn, "content-length": length },
        body: clip(),
      });
      expect([length, (await running.handler(request)).status]).toEqual([length, 400]);
    }
    await nothingLeft();
  });

  test("an encoded body is refused", async () => {
    running = await startHandler();
    expect(await send({ "content-encoding": "gzip" })).toEqual([415, "invalid-request"]);
    await nothingLeft();
  });

  test("invalid headers are refused", async () => {
    running = await startHandler();
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
    running = await startHandler();
    const name = `sunset-${"0a".repeat(16)}`;
    expect(await send({ "x-asset-name": name })).toEqual([400, "usage"]);
    const json = { ...signedIn, "content-type": "application/json" };
    const sent = await fetch(`${running.endpoint}/uploads`, {
      method: "POST",
      headers: signedIn,
      body: clip(),
    });
    const { upload } = (await sent.json()) as { upload: { id: string } };
    const body = JSON.stringify({ upload: upload.id, name: name.toUpperCase() });
    expect(await status("/assets", { method: "POST", headers: json, body })).toEqual([400, "usage"]);
    expect(running.emulator.snapshot().assets).toEqual([]);
  });

  test("no URL is ever fetched", async () => {
    running = await startHandler();
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
    running = await startHandler({ maxConcurrent: 1, spool: "disk" });
    const slow = open(10_000);
    await expect.poll(() => running.spooled().length).toBeGreaterThan(0);
    expect(await send({})).toEqual([503, "rate-limited"]);
    slow.destroy();
    await expect
      .poll(
        async () =>
          (await fetch(`${running.endpoint}/uploads`, { method: "POST", headers: signedIn, body: clip() }))
            .status,
      )
      .toBe(201);
  });
});

describe("clients that do not finish", () => {
  for (const spool of ["memory", "disk"] as const) {
    test(`disconnecting in the middle of the body: nothing is stored or sent (${spool})`, async () => {
      let requests = 0;
      running = await startHandler({ spool, authorize: () => ({ ok: ++requests > 0, label: "ann" }) });
      const socket = open(10_000);
      await expect.poll(() => (spool === "disk" ? running.spooled().length : requests)).toBeGreaterThan(0);
      socket.destroy();
      await expect.poll(() => running.events).toMatchObject([{ type: "rejected", code: "aborted" }]);
      await nothingLeft();
    });
  }

  test("stalling in the middle of the body: the request times out", async () => {
    running = await startHandler({ spool: "disk", idleTimeout: 100 });
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
    running = await startHandler({ spool: "disk", idleTimeout: 300, minBytesPerSecond: 100_000 });
    const socket = open(100_000);
    let dripping: ReturnType<typeof setInterval> | undefined;
    // Not before the request's head is written.
    socket.once("connect", () => {
      dripping = setInterval(() => socket.write("x"), 50);
    });
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
    running = await startHandler({ spool: "disk", maxConcurrent: 4, maxConcurrentPerLabel: 2 });
    const slow = [open(10_000), open(10_000)];
    await expect.poll(() => running.spooled().filter((name) => !name.includes("/")).length).toBe(2);
    expect(await send({})).toEqual([429, "rate-limited"]);
    const bob = { ...signedIn, "x-user": "bob" };
    const accepted = await fetch(`${running.endpoint}/uploads`, {
      method: "POST",
      headers: bob,
      body: clip(),
    });
    expect(accepted.status).toBe(201);
    for (const socket of slow) socket.destroy();
    await expect.poll(() => running.spooled()).toEqual([]);
    expect(await send({}).catch(() => null)).not.toEqual([429, "rate-limited"]);
  });

  test("disconnecting while the bytes are forwarded: the temporary file is removed, and no asset is registered", async () => {
    running = await startHandler({ spool: "disk" }, { delayed: 1, delayMs: 60_000, faultsOn: ["upload"] });
    const leave = new AbortController();
    const headers = { ...signedIn, accept: "application/x-ndjson" };
    const sent = fetch(`${running.endpoint}/assets`, {
      method: "POST",
      headers,
      body: clip(),
      signal: leave.signal,
    });
    const response = await sent;
    expect(running.spooled().length).toBeGreaterThan(0);
    leave.abort();
    await response.text().catch(() => {});
    await expect.poll(() => running.spooled()).toEqual([]);
    expect(running.emulator.snapshot().assets).toEqual([]);
  });
});

/** Opens a request whose body stalls after its first bytes. */
function open(length: number): Socket {
  const { port, hostname } = new URL(running.endpoint);
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
    running = await startHandler({ spool: "disk" }, { signedUrls: true });
    const json = { ...signedIn, "content-type": "application/json" };
    const add = (): Promise<[number, string]> =>
      status("/assets", { method: "POST", headers: signedIn, body: clip() });
    const faults: [Parameters<typeof running.emulator.set>[0], [number, string]][] = [
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
      running.emulator.set(toggles);
      expect([toggles, await add()]).toEqual([toggles, expected]);
    }
    // The answer was lost although it took effect: a repeated request searches, and registers nothing more.
    const registered = running.emulator.snapshot().assets.length;
    running.emulator.set({ serverErrorAfter: 1 });
    const sent = await fetch(`${running.endpoint}/uploads`, {
      method: "POST",
      headers: signedIn,
      body: clip(),
    });
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
    expect(running.emulator.snapshot().assets.length).toBe(registered + 1);
    // Once the list shows it, the same request finds it.
    running.emulator.set({ bareAssets: false });
    const registration = { method: "POST", headers: json, body: JSON.stringify({ upload: upload.id }) };
    const found = await Promise.all([1, 2].map(() => fetch(`${running.endpoint}/assets`, registration)));
    expect(found.map((answer) => answer.status)).toEqual([201, 201]);
    expect(running.emulator.snapshot().assets.length).toBe(registered + 1);
    // Where the list shows addresses, the lost answer is found: registered, and once.
    running.emulator.set({ serverErrorAfter: 1, bareAssets: false });
    expect(
      (await fetch(`${running.endpoint}/assets`, { method: "POST", headers: signedIn, body: clip() })).status,
    ).toBe(201);
    expect(running.emulator.snapshot().assets.length).toBe(registered + 2);
    await expect.poll(() => running.spooled()).toEqual([]);

    const seen =
      running.sent.join("\n") +
      JSON.stringify(running.emulator.requests) +
      JSON.stringify(running.events, errors);
    expect(seen).toContain("outcome-unknown");
    for (const secret of [key, token, "X-Signature"]) expect(seen).not.toContain(secret);
  });

  test("a wrong key is reported on the server, not to the page", async () => {
    running = await startHandler({}, { key: "another key" });
    expect(await send({})).toEqual([500, "server"]);
    expect(running.events.at(-1)).toMatchObject({ type: "error", error: { code: "unauthorized" } });
  });
});

/** Errors with all their properties, including stacks and causes. */
function errors(_name: string, value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  return { ...value, message: value.message, stack: value.stack, cause: value.cause };
}
