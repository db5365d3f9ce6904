import { isStorageError } from "../../error.ts";
import { send } from "../http/transport.ts";
import { unfinishedUploads } from "../upload/parts.ts";
import { pageHeaders } from "./cors.ts";
import { lifecycleOf } from "./lifecycle.ts";
import {
  advice,
  failed,
  ok,
  type ProbeContext,
  type ProbeResult,
  sample,
  sha256,
  type,
  withDeadline,
} from "./probe.ts";

/* What uploads from pages need: signed requests, uploads in parts, CORS, and a lifecycle rule that removes leftovers. */

export async function probeSignedPut({
  storage,
  setup,
  fetch,
  key,
  signal,
}: ProbeContext): Promise<ProbeResult> {
  const other = new Uint8Array(sample).fill(0x78);
  const put = async (bytes: Uint8Array<ArrayBuffer>): Promise<number> => {
    const size = sample.byteLength;
    const request = await storage.presignPut(`${key}-page`, { type, size, sha256, signal });
    const { url, method, headers } = request;
    const answer = await fetch(url, {
      method,
      headers: { ...headers },
      body: bytes,
      redirect: "manual",
      signal: withDeadline(signal),
    });
    await answer.body?.cancel();
    return answer.status;
  };
  const statuses = { right: await put(sample), longer: 0, other: 0 };
  if (statuses.right !== 200)
    return failed(
      `a signed upload is answered with HTTP ${statuses.right}`,
      "allow the keys s3:PutObject, and no bucket policy may require more than a signature",
    );
  statuses.longer = await put(new Uint8Array([...sample, 1]));
  statuses.other = setup.wire.dialect === "amz" ? await put(other) : 0;
  await storage.remove(`${key}-page`, { signal });
  if (statuses.longer === 200)
    return failed(
      "a signed upload takes another length than was signed",
      "do not let pages upload to this provider",
    );
  return statuses.other === 200 || setup.wire.dialect === "goog"
    ? advice(
        "a signed upload takes other bytes than were signed: the handler reads each upload once to make sure of it",
        "nothing to change",
      )
    : ok("a signed upload takes the signed length and checksum only");
}

export async function probeParts({ storage, setup, key, signal }: ProbeContext): Promise<ProbeResult> {
  const name = `${key}-parts`;
  const id = await storage.parts.create(name, { type, signal });
  let continuable: boolean;
  try {
    const found = await unfinishedUploads(setup.wire, name, signal);
    continuable = found.includes(id) && (await storage.parts.list(name, id, { signal })) !== null;
  } catch (error) {
    await storage.parts.abort(name, id, { signal }).catch(() => {});
    throw error;
  }
  try {
    await storage.parts.abort(name, id, { signal });
  } catch (error) {
    if (!isDenied(error)) throw error;
    return advice(
      "large files can be sent in parts, but unfinished uploads cannot be ended: they stay until a lifecycle rule removes them",
      "allow the keys s3:AbortMultipartUpload",
    );
  }
  return continuable
    ? ok("large files can be sent in parts, and continued after an interruption")
    : advice(
        "large files can be sent in parts, but unfinished uploads cannot be found again after an interruption",
        "allow the keys s3:ListBucketMultipartUploads and s3:ListMultipartUploadParts",
      );
}

const isDenied = (error: unknown): boolean => isStorageError(error) && error.code === "storage-denied";

export async function probeCors({
  storage,
  fetch,
  key,
  origins,
  signal,
}: ProbeContext): Promise<ProbeResult> {
  if (origins.length === 0)
    return advice(
      "not tried: no origin was given",
      "if pages upload to this bucket, name theirs with --origin https://app.example.com",
    );
  const { url } = await storage.presignPut(key, { type, size: sample.byteLength, sha256, signal });
  const refused: string[] = [];
  for (const origin of origins) {
    const answer = await fetch(url, {
      method: "OPTIONS",
      headers: {
        origin,
        "access-control-request-method": "PUT",
        "access-control-request-headers": pageHeaders.join(","),
      },
      redirect: "manual",
      signal: withDeadline(signal),
    });
    await answer.body?.cancel();
    const allowed = answer.headers.get("access-control-allow-origin");
    const methods = answer.headers.get("access-control-allow-methods") ?? "";
    if (!answer.ok || (allowed !== origin && allowed !== "*") || !/\bPUT\b|\*/.test(methods))
      refused.push(origin);
  }
  return refused.length === 0
    ? ok(`pages of ${origins.join(", ")} may upload`)
    : failed(
        `pages of ${refused.join(", ")} may not upload (CORS)`,
        `apply the settings that media-preflight storage cors ${origins.map((o) => `--origin ${o}`).join(" ")} prints`,
      );
}

export async function probeLifecycle({ storage, setup, signal }: ProbeContext): Promise<ProbeResult> {
  const wanted = `a lifecycle rule that deletes objects below ${storage.incoming} and unfinished multipart uploads after one day`;
  const answer = await send(setup.wire, {
    name: "GetLifecycleConfiguration",
    method: "GET",
    key: null,
    query: { lifecycle: "" },
    accept: [403, 404, 405, 501],
    signal,
  });
  if (answer.status !== 200 && answer.status !== 404)
    return advice("the lifecycle rules cannot be read", `make sure that there is ${wanted}`);
  const { expires, aborts } = lifecycleOf(answer.status === 200 ? answer.text() : "", storage.incoming);
  if (expires && aborts) return ok("what pages leave behind is deleted after a day");
  const missing = expires
    ? "unfinished multipart uploads are never freed"
    : `what pages leave below ${storage.incoming} is never deleted`;
  return advice(missing, `add ${wanted}`);
}
