import type { MediaPreflightError } from "../../../errors.ts";
import type { FixResult } from "../../../fix/options.ts";
import { formatCount } from "../../../report/units.ts";
import { progressLine } from "../../io/progress-line.ts";
import { errorLine, statusLine } from "../../io/stderr-line.ts";
import type { ExitCode, Terminal } from "../../io/terminal.ts";
import type { FixPrinter } from "./printer.ts";

/** Results on stdout, errors and progress on stderr, and the exit code that they lead to. */
export class FixOutput {
  #code: ExitCode = 0;
  readonly #terminal: Terminal;
  readonly #printer: FixPrinter;
  readonly #line: ReturnType<typeof progressLine>;
  /** Files under way, and the share of each that is done, 0 – 1. */
  readonly #shares = new Map<string, number>();
  #done = 0;
  #engineMissing = false;

  constructor(terminal: Terminal, printer: FixPrinter) {
    this.#terminal = terminal;
    this.#printer = printer;
    this.#line = progressLine(terminal);
  }

  begin(): void {
    this.#print(this.#printer.begin());
  }

  progress(file: string, share: number): void {
    this.#shares.set(file, share);
    this.#line.show(() => this.#progressText());
  }

  /** The file is no longer under way, whatever its result. */
  ended(file: string): void {
    this.#shares.delete(file);
  }

  result(result: FixResult): void {
    this.#done++;
    if (this.#code === 0 && result.outcome !== "fixed" && result.outcome !== "fits") this.#code = 1;
    this.#print(this.#printer.file(result));
    this.#line.show(() => this.#progressText());
  }

  error(error: MediaPreflightError, file: string): void {
    this.#code = 2;
    // Reported once: it is the same for every file.
    if (error.code === "no-engine" && this.#engineMissing) return;
    this.#engineMissing ||= error.code === "no-engine";
    this.#line.clear();
    this.#terminal.err(errorLine(error, error.code === "no-engine" ? null : file));
  }

  /** Ends the output. @returns the exit code */
  end(): ExitCode {
    this.#print(this.#printer.end());
    this.#line.clear();
    if (this.#terminal.signal.aborted) {
      const files = formatCount(this.#done, "file");
      this.#terminal.err(statusLine(`stopped after ${files}; run it again to continue`));
      return 2;
    }
    if (this.#done > 1) this.#terminal.err(statusLine(this.#printer.summary()));
    return this.#code;
  }

  #print(text: string): void {
    if (text === "") return;
    this.#line.clear();
    this.#terminal.out(text);
  }

  #progressText(): string {
    const parts = [...this.#shares].map(([file, share]) => `${file} ${Math.round(share * 100)} %`);
    return `${this.#done} done${parts.length ? `; ${parts.join(", ")}` : "…"}`;
  }
}
