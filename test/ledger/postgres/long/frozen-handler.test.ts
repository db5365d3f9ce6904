import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningEmulator, startEmulator } from "../../../../src/emulator/index.ts";
import { wav } from "../../../submit/crash/wav.ts";
import { type PostgresServer, postgresBin, startPostgres } from "../server.ts";

const entry = fileURLToPath(new URL("../../../../src/server/example.ts", import.meta.url));

/** A handler in a process of its own. */
interface Handler {
  child: ChildProcess;
  send(bytes: Uint8Array<ArrayBuffer>): Promise<{ status: number; id: string | null; text: string }>;
}

describe.runIf(postgresBin !== null)(
  "two handlers over one PostgreSQL ledger, one frozen in a request",
  () => {
    let database: PostgresServer;
    let emulator: RunningEmulator;
    const handlers: Handler[] = [];
    let onAnswer: (path: string) => void = () => {};

    beforeAll(async () => {
      database = await startPostgres(postgresBin as string);
      emulator = await startEmulator({ onRequest: ({ method, path }) => onAnswer(`${method} ${path}`) });
      for (let n = 0; n < 2; n++) handlers.push(await startHandler(database.url, emulator));
    });
    afterAll(async () => {
      for (const { child } of handlers) child.kill("SIGKILL");
      await emulator?.close();
      await database?.stop();
    });

    it.each([
      ["between its upload and its registration", /^POST \S*upload/i],
      ["after the service took its registration, before it is recorded", /^POST \S*assets$/i],
    ])("%s: the other registers the file, and one asset remains", async (_, request) => {
      const [frozen, other] = handlers as [Handler, Handler];
      const bytes = wav(2.5, request.source.length);
      const froze = new Promise<void>((resolve) => {
        onAnswer = (path) => {
          if (!request.test(path)) return;
          onAnswer = () => {};
          frozen.child.kill("SIGSTOP");
          resolve();
        };
      });
      const late = frozen.send(bytes);
      await froze;
      const answer = await other.send(bytes);
      expect(answer, answer.text).toMatchObject({ status: 201, id: expect.any(String) });
      frozen.child.kill("SIGCONT");
      const lateAnswer = await late;
      const { assets } = emulator.snapshot();
      const made = assets.filter(({ name }) => name === assets.at(-1)?.name);
      expect(made.filter((asset) => !asset.trashed)).toHaveLength(1);
      // Sent again, it is the same asset at both.
      for (const handler of handlers) expect((await handler.send(bytes)).id).toBe(answer.id);
      expect(lateAnswer.id ?? answer.id, lateAnswer.text).toBe(answer.id);
    });
  },
);

async function startHandler(
  database: string,
  { apiBaseUrl, consoleBaseUrl }: RunningEmulator,
): Promise<Handler> {
  const child = spawn(process.execPath, [entry], {
    env: {
      ...process.env,
      ...{ PORT: "0", UPLOAD_TOKEN: "token", MEDIA_PREFLIGHT_LEDGER: database, ATLASCLOUD_API_KEY: "key" },
      ...{ ATLASCLOUD_API_BASE_URL: apiBaseUrl, ATLASCLOUD_CONSOLE_BASE_URL: consoleBaseUrl },
    },
  });
  let log = "";
  const address = await new Promise<string>((resolve, reject) => {
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      log += text;
      const found = /(http:\/\/127\.0\.0\.1:\d+\/media)/.exec(log)?.[1];
      if (found) resolve(found);
    });
    child.once("exit", () => reject(new Error(log)));
  });
  return {
    child,
    async send(bytes) {
      const response = await fetch(`${address}/assets`, {
        method: "POST",
        headers: {
          authorization: "Bearer token",
          "content-type": "audio/wav",
          "x-file-name": "take.wav",
        },
        body: bytes,
      });
      const text = await response.text();
      const { asset } = JSON.parse(text) as { asset?: { uri?: string | null; id?: string } };
      return { status: response.status, id: asset?.uri ?? asset?.id ?? null, text };
    },
  };
}
