import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Progress } from "../../src/atlas/types.ts";
import { sendBytes, type UploadAnswer } from "../../src/server-client/send-bytes.ts";

/* Uploads to the user's own server, and the progress lines that it sends while it passes the bytes on. */

let server: Server;
let url: string;
let respond: (response: ServerResponse, request: IncomingMessage) => unknown;
let received: { body: string; headers: IncomingMessage["headers"] }[];
beforeEach(async () => {
  received = [];
  server = createServer(async (request, response) => {
    received.push({ body: String(await buffer(request)), headers: request.headers });
    await respond(response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/media/uploads`;
});
afterEach(async () => {
  vi.unstubAllGlobals();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const steps: Progress[] = [];
const send = (more: Partial<Parameters<typeof sendBytes>[0]> = {}): Promise<UploadAnswer> => {
  steps.length = 0;
  return sendBytes({
    url,
    blob: new Blob(["0123456789"]),
    headers: { "x-file-name": "a.wav" },
    credentials: "same-origin",
    fetch: undefined,
    onProgress: (step) => steps.push({ ...step }),
    signal: null,
    ...more,
  });
};
const upload = (loaded: unknown): object => ({ progress: { phase: "upload", loaded, total: 10 } });
const result = { result: { upload: { id: "u-1" } } };
/** Answers in lines; each chunk is written on its own. */
const lines =
  (...chunks: (string | object)[]) =>
  async (response: ServerResponse): Promise<void> => {
    for (const chunk of chunks) {
      await new Promise((resolve) =>
        response.write(typeof chunk === "string" ? chunk : `${JSON.stringify(chunk)}\n`, resolve),
      );
      await new Promise((resolve) => setImmediate(resolve));
    }
    response.end();
  };

describe("bytes to the user's own server", () => {
  it("arrive complete; sending and passing on are half of the progress each", async () => {
    respond = lines(upload(3), upload(8), result);
    expect(await send()).toEqual({ upload: { id: "u-1" } });
    expect(received).toMatchObject([{ body: "0123456789", headers: { "x-file-name": "a.wav" } }]);
    expect(steps.map(({ loaded }) => loaded)).toEqual([0, 5, 6, 9, 10]);
    for (const { phase, total } of steps) expect([phase, total]).toEqual(["upload", 10]);
  });

  it("never report progress that decreases or exceeds the total", async () => {
    respond = lines(upload(8), upload(3), upload(99), result);
    await send();
    expect(steps.map(({ loaded }) => loaded)).toEqual([0, 5, 9, 10]);
  });

  it("do not need a progress callback", async () => {
    respond = lines(upload(3), result);
    expect(await send({ onProgress: undefined })).toEqual({ upload: { id: "u-1" } });
  });

  it("are sent once by the caller's own fetch", async () => {
    respond = lines(result);
    const given = vi.fn(fetch);
    vi.stubGlobal("XMLHttpRequest", class {});
    await send({ fetch: given, credentials: "include" });
    expect(given.mock.calls.map(([to, init]) => [to, init?.method, init?.credentials])).toEqual([
      [url, "POST", "include"],
    ]);
    expect(received).toHaveLength(1);
  });
});

describe("the lines of an answer", () => {
  it("may be split anywhere, also inside a character, and the last needs no line break", async () => {
    const text = JSON.stringify({ result: { upload: { id: "u-1", filename: "日没.wav" } } });
    const bytes = Buffer.from(`\n${JSON.stringify(upload(4))}\n\nno json\n${text}`);
    respond = async (response) => {
      const at = bytes.indexOf(Buffer.from("没")) + 1;
      for (const part of [bytes.subarray(0, 7), bytes.subarray(7, at), bytes.subarray(at)]) {
        await new Promise((resolve) => response.write(part, resolve));
        await new Promise((resolve) => setImmediate(resolve));
      }
      response.end();
    };
    expect(await send()).toEqual({ upload: { id: "u-1", filename: "日没.wav" } });
    expect(steps.map(({ loaded }) => loaded)).toEqual([0, 5, 7, 10]);
  });

  it.each([
    ["of another phase", { progress: { phase: "check", loaded: 9 } }],
    ["without a number", upload("9")],
    ["without anything", { progress: {} }],
  ])("are not progress: %s", async (_, line) => {
    respond = lines(line, result);
    await send();
    expect(steps.map(({ loaded }) => loaded)).toEqual([0, 5, 10]);
  });

  it("after the result are ignored", async () => {
    respond = lines(result, upload(9));
    expect(await send()).toEqual({ upload: { id: "u-1" } });
  });

  it("may end in an error of the service", async () => {
    respond = lines(upload(3), { error: { code: "too-large", message: "over 30 MB" } });
    await expect(send()).rejects.toMatchObject({ code: "too-large", message: "over 30 MB", status: 502 });
  });

  it.each([
    ["nothing", []],
    ["progress", [upload(3)]],
    ["something else", [{ hello: 1 }]],
  ])("that end in %s are a broken connection, which is retryable", async (_, sent) => {
    respond = lines(...sent);
    await expect(send()).rejects.toMatchObject({
      code: "network",
      message: "the connection to the server broke",
      hint: "try again",
      retryable: true,
    });
  });

  it.each([
    { upload: {} },
    { upload: { id: 7 } },
    { upload: { id: "a/b" } },
    { upload: { id: "../x y" } },
    {},
  ])("with the result %j name no upload", async (wrong) => {
    respond = lines({ result: wrong });
    await expect(send()).rejects.toMatchObject({
      code: "protocol",
      message: "the server answered without an upload",
      hint: "is the endpoint that of media-preflight/server?",
    });
    expect(steps.at(-1)?.loaded).toBe(5);
  });

  it("are ignored if the status is an error", async () => {
    respond = (response) =>
      response.writeHead(422).end(JSON.stringify({ error: { code: "refused", message: "too short" } }));
    await expect(send()).rejects.toMatchObject({ code: "refused", message: "too short", status: 422 });
    respond = (response) => response.writeHead(201).end(JSON.stringify({ upload: { id: "u-2" } }));
    expect(await send()).toEqual({ upload: { id: "u-2" } });
  });
});

describe("a connection that ends", () => {
  it("early is a retryable error with its cause", async () => {
    respond = (response) => response.socket?.destroy();
    await expect(send()).rejects.toMatchObject({
      code: "network",
      retryable: true,
      cause: expect.any(TypeError),
    });
  });

  it("in the middle of the answer is one, too", async () => {
    respond = (response) => response.write(`${JSON.stringify(result)}\n`, () => response.socket?.destroy());
    await expect(send()).rejects.toMatchObject({ code: "network" });
  });

  it("by the caller's signal is not a network error", async () => {
    const stop = new AbortController();
    respond = () => stop.abort();
    await expect(send({ signal: stop.signal })).rejects.toMatchObject({ code: "aborted" });
    expect(received).toHaveLength(1);
    await expect(send({ signal: stop.signal })).rejects.toMatchObject({ code: "aborted" });
    expect([received.length, steps.length]).toEqual([1, 0]);
  });

  it("an answer without a body has no result", async () => {
    const bare: typeof fetch = async () => new Response(null, { status: 200 });
    await expect(send({ fetch: bare })).rejects.toMatchObject({ code: "network" });
  });
});
