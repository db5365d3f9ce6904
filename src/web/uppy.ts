import { BasePlugin, type Body, type Meta, type PluginOpts, type Uppy } from "@uppy/core";
import { browserPreflight } from "../preflight/preflight.browser.ts";
import type { PreflightOptions } from "../preflight/preflight.ts";
import { blockingFindings, isAccepted, messageWithHint } from "../report/blocking.ts";
import type { Report } from "../report/report.ts";

/** Options of `preflight`; its `locale` is named `language` here, because Uppy has a `locale` of its own. */
export interface MediaPreflightUppyOptions
  extends PluginOpts,
    Omit<PreflightOptions, "name" | "signal" | "locale"> {
  language?: PreflightOptions["locale"];
}

declare module "@uppy/core" {
  interface PluginTypeRegistry<M extends Meta, B extends Body> {
    MediaPreflight: MediaPreflight<M, B>;
  }
}

/**
 * An Uppy plugin that checks files before they are uploaded: `uppy.use(MediaPreflight, { type: "video" })`. A file
 * that does not pass gets an error in Uppy, which says why and what to do, and is not uploaded; the others are. Every
 * checked file carries its report as `meta.preflight`. After Retry it is checked again.
 */
export class MediaPreflight<M extends Meta = Meta, B extends Body = Body> extends BasePlugin<
  MediaPreflightUppyOptions,
  M,
  B
> {
  constructor(uppy: Uppy<M, B>, options?: MediaPreflightUppyOptions) {
    super(uppy, options ?? {});
    this.id = this.opts.id ?? "MediaPreflight";
    this.type = "modifier";
  }

  override install(): void {
    this.uppy.addPreProcessor(this.#check);
  }

  override uninstall(): void {
    this.uppy.removePreProcessor(this.#check);
  }

  readonly #check = async (ids: string[]): Promise<void> => {
    for (const id of ids) await this.#checkOne(id);
  };

  async #checkOne(id: string): Promise<void> {
    const file = this.uppy.getFile(id);
    // A remote provider's file is not on this machine: only its server can check it.
    if (!file || file.isRemote || !(file.data instanceof Blob)) return;
    this.uppy.emit("preprocess-progress", file, { mode: "indeterminate", message: file.name ?? "" });
    try {
      const { id: _, locale: __, language, ...preflightOptions } = this.opts;
      const report = await browserPreflight.preflight(file.data, {
        ...preflightOptions,
        locale: language,
        name: file.name ?? null,
      });
      if (!this.uppy.getFile(id)) return;
      this.uppy.setFileMeta(id, { preflight: report } as unknown as M);
      if (!isAccepted(report, this.opts.acceptUnsure)) this.#refuse(id, new Error(reasonsOf(report)));
    } catch (error) {
      // A file that could not be read has not passed.
      this.#refuse(id, error instanceof Error ? error : new Error(String(error)));
    }
    const now = this.uppy.getFile(id);
    if (now) this.uppy.emit("preprocess-complete", now);
  }

  /** Uppy's uploaders skip files that have an error. */
  #refuse(id: string, error: Error): void {
    const file = this.uppy.getFile(id);
    if (file) this.uppy.emit("upload-error", file, error);
  }
}

function reasonsOf(report: Report): string {
  return blockingFindings(report).map(messageWithHint).join("\n") || report.verdict;
}
