import { MediaPreflightError } from "../../errors.ts";
import { escapeControls } from "../../report/escape.ts";
import { explain } from "../../report/explain/explain.ts";
import { answer } from "../answer.ts";
import { assetStatus as schemas } from "../schemas.ts";
import type { Tool } from "./tool.ts";

export const assetStatus: Tool<typeof schemas.input> = {
  title: "Asset status",
  description:
    "Whether a registered asset is processing, active or failed, and its asset:// URI. Only an active asset can be used.",
  schemas,
  annotations: { readOnlyHint: true, openWorldHint: true },
  async run({ id }, { context, signal }) {
    if (id.includes("/"))
      throw new MediaPreflightError("usage", `"${id}" is not the id of an asset's record`, {
        hint: "give the id that register_asset returned, not the asset:// URI",
      });
    const { uri, status, errorCode, errorMessage } = await context.atlas().getAsset(id, { signal });
    if (status !== "failed")
      return answer({ uri, status, error: null }, `${uri ?? `asset ${id}`} is ${status}`);
    const explained = errorCode === null ? null : explain(errorCode);
    const error = { code: errorCode, message: errorMessage, rule: explained?.rule ?? null };
    const lines = [
      `asset ${id} failed: ${[errorCode, errorMessage].filter(Boolean).join(": ") || "no reason given"}`,
      ...(explained ? [explained.meaning, `next: ${explained.cure}`] : []),
    ];
    return answer({ uri, status, error }, lines.map(escapeControls).join("\n"));
  },
};
