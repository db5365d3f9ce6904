import { loadModule } from "../../async/load-module.ts";
import type { FixHost } from "./fix/fix-host.ts";
import type { FixPart } from "./fix/load.ts";
import { needsFixing } from "./session/item.ts";
import { addStyle } from "./style/sheets.ts";

/** Loads what makes files fit, when a file that fails is first shown. Then such files are drawn again. */
export class FixLoader {
  part: FixPart | null = null;
  #loading = false;
  readonly #host: FixHost;
  readonly #shadow: () => ShadowRoot | null;

  constructor(host: FixHost, shadow: () => ShadowRoot | null) {
    this.#host = host;
    this.#shadow = shadow;
  }

  /** Null until it is loaded. Without a network it is requested again with the next change. */
  get(): FixPart | null {
    if (!this.part && !this.#loading) void this.#load();
    return this.part;
  }

  async #load(): Promise<void> {
    this.#loading = true;
    try {
      const { createFixPart, fixCss } = await loadModule(() => import("./fix/load.ts"));
      const shadow = this.#shadow();
      if (shadow) addStyle(shadow, fixCss);
      this.part = createFixPart(this.#host);
      for (const item of this.#host.items()) if (needsFixing(item)) this.#host.draw(item);
    } catch {
      // The file's reasons are shown without it.
    } finally {
      this.#loading = false;
    }
  }
}
