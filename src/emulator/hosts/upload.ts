import type { Context } from "hono";
import { fromPath } from "../../bytes/path.node.ts";
import { Budget } from "../../facts/budget.ts";
import { Cursor } from "../../facts/cursor.ts";
import { type Format, formats } from "../../facts/formats.ts";
import { sniff } from "../../facts/sniff.ts";
import { spoolFilePart, type UploadedPart } from "../http/multipart.ts";
import { answer, html, refusal } from "../http/wire.ts";
import type { EmulatorState } from "../state.ts";
import { randomId, type StoredUpload } from "../store.ts";

/** POST /model/uploadMedia */
export async function uploadMedia(c: Context, state: EmulatorState): Promise<Response> {
  const { store, toggles } = state;
  const id = randomId();
  const path = store.mediaPath(id);
  const cap = toggles.tooLarge ? 0 : toggles.maxUploadBytes;
  const part = await spoolFilePart(c.req.raw.body, c.req.header("content-type") ?? "", path, cap);
  if (part === "too-large") return html(413, "Request Entity Too Large");
  if (part === "malformed")
    return refusal("api", 400, "InvalidParameter: no multipart part named file, with a filename", toggles);
  const upload: StoredUpload = { id, ...part, contentType: await typeOf(part, path) };
  store.state.uploads.push(upload);
  await store.save();
  return uploadAnswer(upload, state.storageUrl(upload), state);
}

/** By the first format that has the extension: those that are read come before those that are only named. */
function typeOfExtension(extension: string): string | null {
  const found = Object.values(formats).find(({ extensions }) => extensions.includes(extension));
  return found?.mime ?? null;
}

/** The part's own type, else that of the file name, else that of the bytes. */
async function typeOf({ contentType, filename }: UploadedPart, path: string): Promise<string> {
  const extension = /\.(\w+)$/.exec(filename)?.[1]?.toLowerCase() ?? "";
  const known = contentType ?? typeOfExtension(extension) ?? (await sniffedType(path));
  return known ?? "application/octet-stream";
}

async function sniffedType(path: string): Promise<string | null> {
  const source = await fromPath(path);
  try {
    const format: Format | null = await sniff(new Cursor(source, new Budget()));
    return format && formats[format].mime;
  } catch {
    return null;
  } finally {
    await source.close?.();
  }
}

function uploadAnswer(upload: StoredUpload, url: string, state: EmulatorState): Response {
  const { filename, contentType } = upload;
  const size = state.toggles.wrongSize ? 8 : upload.size;
  const type = contentType.slice(0, contentType.indexOf("/"));
  switch (state.toggles.uploadAnswer) {
    case "url":
      return answer("api", { url, filename, size });
    case "file_name":
      return Response.json({
        code: 200,
        data: { download_url: url, file_name: filename, content_type: contentType, size },
      });
    case "flat":
      return Response.json({ url, filename, size });
    default:
      return answer("api", { type, download_url: url, filename, size });
  }
}
