import type { Asset, AtlasClient } from "../../atlas/types.ts";
import { sha256OfBlob } from "../../bytes/sha256.ts";
import { noFacts } from "../../facts/facts.ts";
import type { Kind } from "../../facts/formats.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import type { Report } from "../../report/report.ts";
import type { Storage } from "../../storage/storage.ts";
import { accountKey } from "../../submit/entry-key.ts";
import { createSubmit } from "../../submit/submit.ts";
import type { Events } from "../events.ts";
import type { RequestContext } from "../http/request-context.ts";
import type { HandlerOptions } from "../options.ts";
import { uploadUrl } from "./bucket-client.ts";
import type { Registrar } from "./registrar.ts";
import type { Ticket } from "./ticket.ts";

/** A file that passed, or an upload made of one. */
interface PassedFile {
  filename: string;
  sha256: string;
  body: Blob;
  report: Report;
}

/**
 * Registers through `submit` and a ledger: one asset for the same bytes, type and label, whichever handler gets the request and
 * however an earlier one ended. A file whose asset was deleted or Failed is registered again: its user has just sent it again.
 */
export function registrarWithLedger(
  atlas: AtlasClient,
  ledger: Ledger,
  options: Pick<HandlerOptions, "shareAssets" | "acceptUnsure" | "storage">,
  { emit }: Events,
): Registrar {
  const submit = createSubmit<PassedFile>({
    preflight: async ({ report }) => report,
    open: ({ filename, sha256, body }) => ({
      name: filename,
      payload: body,
      url: null,
      stamp: async () => null,
      sha256: async () => sha256,
      probe: async () => null,
    }),
    alwaysHash: true,
  });
  async function run(
    file: PassedFile,
    label: string | null,
    assetName: string | null,
    { onProgress, signal }: RequestContext,
    service: AtlasClient,
    onUploaded: () => void,
  ): Promise<Asset> {
    const { report, reused, ...asset } = await submit(file, {
      atlas: service,
      ledger,
      account: accountOf(label, options.shareAssets ?? false),
      assetName: assetName ?? undefined,
      acceptUnsure: options.acceptUnsure,
      again: ["gone", "failed"],
      wait: false,
      onProgress,
      onUploaded,
      signal,
    });
    emit({ type: "registered", assetId: asset.id, kind: report.type as Kind, reused, label });
    return asset;
  }
  return {
    register(ticket, assetName, request) {
      return run(
        fileOf(ticket),
        ticket.label,
        assetName,
        request,
        uploadedAlready(atlas, ticket, options.storage ?? null),
        () => {},
      );
    },
    async findRegistered(ticket, assetName, request, missing) {
      const { label, kind, sha256 } = ticket;
      // A ticket does not prove that its page has the bytes: it gets what its own label registered, and nothing shared.
      if (label === null || options.shareAssets || sha256 === null) throw missing;
      const account = accountOf(label, false);
      const entry = await ledger.get({ sha256, ...accountKey(kind, { atlas, account }) });
      if (entry?.id === undefined) throw missing;
      const service = { ...atlas, uploadMedia: () => Promise.reject(missing) };
      return run(fileOf(ticket), label, assetName, request, service, () => {});
    },
    async submit({ body, declared, kind, report }, label, request) {
      const file = { filename: declared.filename, sha256: await sha256OfBlob(body), body, report };
      const uploaded = (): void => emit({ type: "uploaded", bytes: body.size, kind, label });
      return run(file, label, declared.assetName, request, atlas, uploaded);
    },
  };
}

/** A file that passed when it was uploaded, and is no longer here. */
function fileOf({ filename, sha256, kind }: Ticket): PassedFile {
  return { filename, sha256: sha256 ?? "", body: new Blob(), report: placeholderReport(kind) };
}

/** Labels have their own entries in the ledger; no label is not the label "". */
export function accountOf(label: string | null, shareAssets: boolean): string {
  return shareAssets || label === null ? "default" : `label:${label}`;
}

/** The bytes of this ticket are at the service or in the bucket already: they are not sent again. */
function uploadedAlready(atlas: AtlasClient, ticket: Ticket, storage: Storage | null): AtlasClient {
  return {
    ...atlas,
    uploadMedia: async (_, { signal } = {}) => {
      const url = await uploadUrl(ticket, storage, signal ?? null);
      return { url, filename: ticket.filename, size: null, type: null, raw: {} };
    },
  };
}

/** In place of the report when the file was uploaded, which is not kept: only what passed then has a ticket. */
function placeholderReport(type: Kind): Report {
  return {
    schemaVersion: 1,
    file: null,
    verdict: "pass",
    ok: true,
    type,
    // Not recorded in the ledger, see submit.ts.
    rules: "",
    limits: "documented",
    facts: { ...noFacts },
    findings: [],
  };
}
