import { createHash } from "node:crypto";
import { AwsClient } from "aws4fetch";
import type { EmulatorOptions, StoredObject } from "../../../src/emulator/index.ts";
import type { HandlerOptions } from "../../../src/server/index.ts";
import { s3Storage } from "../../../src/storage/s3-storage.node.ts";
import type { Storage } from "../../../src/storage/storage.ts";
import { type RunningHandler, startHandler, token } from "../start-handler.ts";

/** A handler with a bucket, and what a page, honest or not, can send to both. */
export interface BucketPage extends AsyncDisposable {
  running: RunningHandler;
  storage: Storage;
  post(path: string, body: unknown, as?: As): Promise<Answer>;
  /** Announces bytes. */
  announce(bytes: Uint8Array, change?: object, as?: As): Promise<Answer>;
  /** Announces bytes and sends them, in one piece or in parts. @returns the upload's id */
  upload(bytes: Uint8Array<ArrayBuffer>, as?: As): Promise<string>;
  register(upload: string, as?: As): Promise<Answer>;
  /** Writes an object with the owner's keys: what no page can do. */
  write(key: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  objects(): StoredObject[];
  /** Keys below incoming/. */
  incoming(): string[];
}

export interface As {
  user?: string;
  origin?: string | null;
}

export interface Answer {
  status: number;
  upload?: { id: string; put?: SignedPut; parts?: { size: number; count: number } };
  part?: { number: number; put: SignedPut | null };
  asset?: { id: string; uri: string };
  uploads?: { signed: boolean };
  error?: { code: string; message: string };
  report?: { verdict: string };
}

interface SignedPut {
  url: string;
  method: string;
  headers: Record<string, string>;
  expiresAt: string;
}

export const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

export async function startBucketPage(
  options: Partial<HandlerOptions> = {},
  toggles: EmulatorOptions = {},
  /** Changes what the handler uses as its bucket. */
  change: (storage: Storage) => Storage = (storage) => storage,
): Promise<BucketPage> {
  let storage: Storage | undefined;
  const running = await startHandler(
    ({ bucket }) => {
      if (!bucket) throw new Error("there is no bucket");
      const { bucket: name, ...keys } = bucket;
      const settings = {
        bucket: name,
        ...keys,
        prefix: "media/",
        partSize: 5 * 1024 * 1024,
        retry: { attempts: 1 },
      };
      storage = change(s3Storage(settings));
      return { storage, ...options };
    },
    { bucket: "own", ...toggles },
  );
  const { endpoint, emulator } = running;
  async function post(path: string, body: unknown, { user = "ann", origin }: As = {}): Promise<Answer> {
    const from = origin === undefined ? new URL(endpoint).origin : origin;
    const response = await fetch(endpoint + path, {
      method: body === undefined ? "GET" : "POST",
      headers: {
        authorization: `Bearer ${token}`,
        "x-user": user,
        "content-type": "application/json",
        ...(from !== null && { origin: from }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, ...((await response.json()) as object) };
  }
  const page: BucketPage = {
    running,
    storage: storage as Storage,
    post,
    announce: (bytes, change = {}, as = {}) =>
      post(
        "/uploads",
        {
          type: "video",
          contentType: "video/mp4",
          size: bytes.length,
          sha256: sha256(bytes),
          name: "clip.mp4",
          ...change,
        },
        as,
      ),
    async upload(bytes, as = {}) {
      const { upload, error } = await page.announce(bytes, {}, as);
      if (!upload) throw new Error(JSON.stringify(error));
      if (upload.put) await send(upload.put, bytes);
      const { size = 0, count = 0 } = upload.parts ?? {};
      for (let part = 1; part <= count; part++) {
        const content = bytes.slice((part - 1) * size, part * size);
        const signed = await post(`/uploads/${upload.id}`, { part, sha256: sha256(content) }, as);
        if (signed.part?.put) await send(signed.part.put, content);
      }
      return upload.id;
    },
    register: (upload, as = {}) => post("/assets", { upload, type: "video" }, as),
    async write(key, bytes) {
      const { bucket } = emulator;
      if (!bucket) throw new Error("there is no bucket");
      const { endpoint, bucket: name, accessKeyId, secretAccessKey, region } = bucket;
      const aws = new AwsClient({ accessKeyId, secretAccessKey, region, service: "s3" });
      const put = await aws.fetch(`${endpoint}/${name}/${key}`, { method: "PUT", body: new Blob([bytes]) });
      if (!put.ok) throw new Error(await put.text());
    },
    objects: () => emulator.snapshot().objects,
    incoming: () =>
      emulator
        .snapshot()
        .objects.map(({ key }) => key)
        .filter((key) => key.startsWith("media/incoming/")),
    [Symbol.asyncDispose]: () => running.close(),
  };
  return page;
}

/** A page's PUT. @throws Error with the status of a refusal */
export async function send(put: SignedPut, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  const response = await fetch(put.url, { method: put.method, headers: put.headers, body: bytes });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
}
