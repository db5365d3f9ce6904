import { createHash } from "node:crypto";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { clip } from "../../src/emulator/clip.ts";
import { type RunningEmulator, startEmulator } from "../../src/emulator/index.ts";
import { form, key, request } from "./wire.ts";

let emulator: RunningEmulator;
beforeAll(async () => {
  emulator = await startEmulator({ maxUploadBytes: 80_000_000 });
});
afterAll(() => emulator.close());

const send = (body: BodyInit, type?: string): ReturnType<typeof request> =>
  request(`${emulator.apiBaseUrl}/model/uploadMedia`, {
    method: "POST",
    body,
    ...(type !== undefined && { headers: { "content-type": type } }),
  });

describe("multipart bodies", () => {
  test("60 MB arrive byte for byte", async () => {
    const bytes = new Uint8Array(60_000_000);
    for (let i = 0; i < bytes.length; i += 4093) bytes[i] = i;
    const { data } = await send(form(bytes));
    const got = createHash("sha256");
    for await (const chunk of (await fetch(String(data.download_url))).body ?? []) got.update(chunk);
    expect(got.digest("hex")).toBe(createHash("sha256").update(bytes).digest("hex"));
  }, 60_000);

  test("bytes that look like a boundary belong to the file", async () => {
    const tricky = "--XY\r\n\r\n--X\r\n--XYZ?--\r\n--";
    const head =
      '--XYZ\r\nContent-Disposition: form-data; name="note"\r\n\r\nskipped\r\n--XYZ\r\ncontent-disposition: form-data; name="file"; filename="a.bin"\r\n\r\n';
    const { status, data } = await send(
      `${head}${tricky}\r\n--XYZ--\r\n`.replaceAll("--XYZ?", "--XY?"),
      "multipart/form-data; boundary=XYZ",
    );
    expect(status).toBe(200);
    expect(await (await fetch(String(data.download_url))).text()).toBe(tricky.replaceAll("--XYZ?", "--XY?"));
  });

  test("a boundary split over writes is found", async () => {
    const { port, hostname } = new URL(emulator.apiBaseUrl);
    const body =
      '--B\r\nContent-Disposition: form-data; name="file"; filename="s.bin"\r\n\r\nabc\r\n--B--\r\n';
    const answer = await new Promise<string>((resolve) => {
      let text = "";
      const socket = connect(Number(port), hostname, async () => {
        socket.setNoDelay(true);
        socket.write(
          `POST /api/v1/model/uploadMedia HTTP/1.1\r\nHost: ${hostname}:${port}\r\nAuthorization: Bearer ${key}\r\nConnection: close\r\nContent-Type: multipart/form-data; boundary=B\r\nContent-Length: ${body.length}\r\n\r\n`,
        );
        for (const byte of body) {
          socket.write(byte);
          await new Promise((resume) => setImmediate(resume));
        }
      });
      socket.setEncoding("latin1").on("data", (chunk: string) => {
        text += chunk;
      });
      socket.on("close", () => resolve(text));
    });
    expect(answer).toMatch(/"filename":"s\.bin","size":3/);
  });

  test("an invalid body is refused and stores nothing", async () => {
    const before = emulator.snapshot().uploads.length;
    const open = "multipart/form-data; boundary=B";
    const bad: [BodyInit, string?][] = [
      ["{}", "application/json"],
      ["no boundary", "multipart/form-data"],
      ["", open],
      ["--B--\r\n", open],
      ['--B\r\nContent-Disposition: form-data; name="file"; filename="cut.mp4"\r\n\r\nabc', open],
      ['--B\r\nContent-Disposition: form-data; name="file"; filename="cut.mp4"\r\n\r\nabc\r\n--B', open],
      ['--B\r\nContent-Disposition: form-data; name="other"; filename="a"\r\n\r\nabc\r\n--B--', open],
      [`--B\r\nX: ${"x".repeat(40_000)}`, open],
    ];
    for (const [body, type] of bad) expect([body, (await send(body, type)).status]).toEqual([body, 400]);
    expect(emulator.snapshot().uploads.length).toBe(before);
  });

  test("a client that disconnects midway leaves no file behind", async () => {
    const before = emulator.snapshot().uploads.length;
    const leave = new AbortController();
    const endless = new ReadableStream<Uint8Array>({
      async pull(controller) {
        controller.enqueue(new Uint8Array(65_536));
        await new Promise((resolve) => setTimeout(resolve, 5));
      },
    });
    setTimeout(() => leave.abort(), 100);
    const init = { method: "POST", body: endless, duplex: "half", signal: leave.signal } as RequestInit;
    await expect(
      fetch(`${emulator.apiBaseUrl}/model/uploadMedia`, {
        ...init,
        headers: { authorization: `Bearer ${key}`, "content-type": "multipart/form-data; boundary=B" },
      }),
    ).rejects.toThrow();
    expect((await send(form(clip()))).status).toBe(200);
    expect(emulator.snapshot().uploads.length).toBe(before + 1);
  });
});
