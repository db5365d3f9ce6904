import type { Operation } from "../toggles.ts";
import type { Host } from "./wire.ts";

/** The operation of a request, or null. */
export function operationOf(host: Host, method: string, path: string): Operation | null {
  return host === "api" ? modelOperation(path) : assetOperation(method, path);
}

function modelOperation(path: string): Operation | null {
  if (path === "/api/v1/model/uploadMedia") return "upload";
  if (path === "/api/v1/model/generateVideo") return "generate";
  if (path === "/api/v1/model/history") return "history";
  return path.startsWith("/api/v1/model/prediction/") ? "prediction" : null;
}

function assetOperation(method: string, path: string): Operation | null {
  const [match, id, restore] = /^\/api\/v1\/sd\/assets(?:\/([^/]+))?(\/restore)?$/.exec(path) ?? [];
  if (match === undefined) return null;
  if (id === undefined) return method === "POST" ? "register" : "list";
  if (id === "trash") return "list";
  if (restore !== undefined) return "restore";
  return method === "PUT" ? "rename" : method === "DELETE" ? "trash" : "get";
}
