import type { Asset, AtlasClient, Progress } from "../../atlas/types.ts";
import { isMediaPreflightError, MediaPreflightError } from "../../errors.ts";
import { nodePreflight } from "../../preflight/preflight.node.ts";
import type { PreflightOptions } from "../../preflight/preflight.ts";
import { createNodeSubmitAndPush } from "../../push/submit-and-push.node.ts";
import { escapeControls } from "../../report/escape.ts";
import type { Report } from "../../report/report.ts";
import type { SubmitHooks, SubmitOptions } from "../../submit/options.ts";
import { isSubmitError } from "../../submit/submit-error.ts";
import { withAllowedFile } from "../allowed-file.ts";
import { answer, failure } from "../answer.ts";
import type { ReportProgress } from "../progress.ts";
import { registerAsset as schemas } from "../schemas.ts";
import { reportText } from "./check-media.ts";
import type { Call, Tool } from "./tool.ts";
import { publicUrl } from "./url.ts";

/** Clients end a call after 60 s; asset_status returns an asset that is not Active by then. */
const waitInMilliseconds = 30_000;

export const registerAsset: Tool<typeof schemas.input> = {
  title: "Register an asset",
  description:
    "Checks a file, uploads it and registers it in the Atlas Cloud asset library; returns its asset:// URI. Sends only " +
    "what passes. Calling it again with the same file is safe: every step is recorded, and nothing is registered twice. " +
    "If the status is processing, call asset_status. An error with code outcome-unknown means that the service may or " +
    "may not have registered it: call it again later with the same arguments, which looks before it sends. " +
    "Needs ATLASCLOUD_API_KEY in the server's environment.",
  schemas,
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  async run({ path, url, type, assetName }, call) {
    if ((path === undefined) === (url === undefined))
      throw new MediaPreflightError("usage", "register_asset takes a path or a url", {
        hint: "give exactly one of them",
      });
    try {
      const settings = await call.context.checkSettings({ type });
      if (url !== undefined)
        return done(await submit(publicUrl(url), { ...settings.general, assetName }, call));
      const givenPath = path ?? "";
      return await withAllowedFile(givenPath, call.context.folders, async (file) => {
        const schedule: SubmitHooks["schedule"] = (_, task) => {
          file.requireSame();
          return task();
        };
        const options = { ...settings.optionsFor(givenPath), assetName, file: givenPath, schedule };
        return done(await submit(file.path, options, call));
      });
    } catch (error) {
      if (!isSubmitError(error) || error.code !== "refused" || error.report === null) throw error;
      const { hint, report } = error;
      const fixable = path === undefined ? "" : "; fix_media plans a copy that passes";
      return failure([error], {
        file: path,
        next: `${hint ?? "see the findings"}${fixable}`,
        text: reportText([report as Report]),
      });
    }
  },
};

interface Registered {
  asset: Asset;
  reused: boolean;
}

const { submit: submitOnNode } = createNodeSubmitAndPush(nodePreflight.preflight);

async function submit(
  input: string | URL,
  options: Omit<SubmitOptions, "atlas" | "ledger"> & SubmitHooks,
  { context, signal, progress }: Call,
): Promise<Registered> {
  const atlas = context.atlas();
  const ledger = await context.ledger();
  const { findings: _, name: _name, ...checkOptions } = options as typeof options & PreflightOptions;
  let registered: Asset | null = null;
  try {
    const {
      report: _report,
      reused,
      ...asset
    } = await submitOnNode(input, {
      ...checkOptions,
      crossCheckOptions: { isolation: "process" },
      atlas,
      ledger,
      signal,
      deadline: waitInMilliseconds,
      onProgress: (at) => progress(...overall(at)),
      onRegistered: (made) => {
        registered = made;
      },
    });
    return { asset, reused };
  } catch (error) {
    return { asset: await stillProcessing(error, atlas, signal), reused: registered === null };
  }
}

/** The asset that is registered and not yet Active; other errors are thrown on. */
async function stillProcessing(error: unknown, atlas: AtlasClient, signal: AbortSignal): Promise<Asset> {
  const { code, id } = error as { code?: unknown; id?: unknown };
  if (!isMediaPreflightError(error) || code !== "timeout" || typeof id !== "string" || signal.aborted)
    throw error;
  return await atlas.getAsset(id, { signal });
}

/** Progress of all phases together, of 100. */
function overall({ phase, loaded, total }: Progress): Parameters<ReportProgress> {
  const share = total ? loaded / total : 0;
  const done = { check: 1, upload: 5 + 75 * share, register: 85, wait: 100 - 14 * 0.8 ** loaded };
  return [phase in done ? done[phase as keyof typeof done] : 0, 100, phase];
}

function done({ asset: { id, uri, status, notes }, reused }: Registered): ReturnType<typeof answer> {
  const next = status === "processing" ? [`next: call asset_status with id ${id} until it is active`] : [];
  const lines = [
    `${uri ?? `asset ${id}`} is ${status}${reused ? ", registered before" : ""}`,
    ...notes,
    ...next,
  ];
  return answer({ uri, id, status, reused }, lines.map(escapeControls).join("\n"));
}
