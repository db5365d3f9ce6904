import type { LibraryInput, LibraryName, LibraryReading, RunLibrary } from "./library-reading.ts";
import type { FromWorker, ToWorker } from "./worker-protocol.ts";

/** A Worker of any kind: thread, process or web worker. */
export interface Port {
  post(message: ToWorker): void;
  /** Terminates it at once. */
  end(): void;
  /** Whether the process must wait for it. */
  keepAlive(busy: boolean): void;
}

/** Starts a Worker; `onExit` is called once if it ends by itself. */
export type StartWorker = (receive: (message: FromWorker) => void, onExit: (error: Error) => void) => Port;

export interface WorkerLimits {
  /** Milliseconds that a cross-check library may compute on one file; waiting for bytes is not counted. */
  timeout: number;
  /** Milliseconds for a Worker to start, and for a library to load: until it first requests bytes. */
  startup: number;
}

export const workerLimits: WorkerLimits = { timeout: 2000, startup: 10_000 };

/** A file to be read by a library, and the promise to settle. */
interface Task {
  name: LibraryName;
  input: LibraryInput;
  resolve: (libraryReading: LibraryReading) => void;
  reject: (error: Error) => void;
}

/**
 * Runs libraries in one Worker, which is started when first needed and used again, for one file at a time. It is
 * terminated when a file takes too long, since a synchronous loop can be stopped in no other way, and started again
 * for the next file.
 */
export class LibraryWorker {
  readonly #start: StartWorker;
  readonly #wasm: string | null;
  readonly #limits: WorkerLimits;
  readonly #queue: Task[] = [];
  #port: Port | null = null;
  /** The Worker has reported that it is ready. */
  #ready = false;
  /** The current task; messages with another id belong to earlier ones. */
  #task: Task | null = null;
  #id = 0;
  /** The library has requested bytes, so it is loaded. */
  #loaded = false;
  /** Milliseconds that the library may still compute, and since when it does. */
  #left = 0;
  #since = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param wasm where the MediaInfo WebAssembly is; null: at its default place */
  constructor(start: StartWorker, wasm: string | null, limits: WorkerLimits = workerLimits) {
    this.#start = start;
    this.#wasm = wasm;
    this.#limits = limits;
  }

  /** Rejects where the library fails or takes too long, and where the Worker does not start. */
  readonly run: RunLibrary = (name, input) =>
    new Promise((resolve, reject) => {
      this.#queue.push({ name, input, resolve, reject });
      this.#next();
    });

  /** Terminates the Worker and rejects all tasks. A later call of `run` starts another Worker. */
  end(): void {
    const error = new Error("the cross-check worker was ended");
    for (const waiting of this.#queue.splice(0)) waiting.reject(error);
    this.#terminate(error);
  }

  /** Takes up the next task, unless one is running. */
  #next(): void {
    if (this.#task) return;
    this.#task = this.#queue.shift() ?? null;
    if (!this.#task) {
      this.#port?.keepAlive(false);
      return;
    }
    try {
      this.#port ??= this.#launch();
      this.#port.keepAlive(true);
      if (this.#ready) this.#analyse();
      else this.#terminateAfter(this.#limits.startup, "its worker did not start");
    } catch (error) {
      this.#terminate(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #launch(): Port {
    // Messages and the end of a Worker that was terminated must not touch the one after it.
    let own: Port | null = null;
    own = this.#start(
      (message) => {
        if (own === this.#port) this.#receive(message);
      },
      (error) => {
        if (own === this.#port) this.#terminate(error);
      },
    );
    own.post({ op: "start", wasm: this.#wasm });
    return own;
  }

  /** Sends the current task to the Worker. */
  #analyse(): void {
    if (!this.#task || !this.#port) return;
    const { name, input } = this.#task;
    this.#left = this.#limits.timeout;
    this.#loaded = false;
    this.#port.post({ op: "analyse", id: ++this.#id, library: name, format: input.format, size: input.size });
    this.#terminateAfter(this.#limits.startup, "its library did not load");
  }

  #receive(message: FromWorker): void {
    if (message.op === "ready") {
      this.#ready = true;
      this.#analyse();
    } else if (message.id !== this.#id || !this.#task) return;
    else if (message.op === "read") this.#read(this.#task, message);
    else if (message.op === "answer") this.#finish((task) => task.resolve(message.libraryReading));
    else this.#finish((task) => task.reject(new Error(message.why)));
  }

  /** Reads bytes for the library; while it waits for them, its time does not run. */
  #read({ input }: Task, { id, offset, length }: FromWorker & { op: "read" }): void {
    clearTimeout(this.#timer);
    // The file cannot be the cause before the library has read any of it.
    if (this.#loaded) this.#left -= performance.now() - this.#since;
    this.#loaded = true;
    if (this.#left <= 0) {
      this.#limitComputing();
      return;
    }
    const reply = (bytes: Uint8Array<ArrayBuffer> | null): void => {
      if (id !== this.#id || !this.#task) return;
      this.#port?.post({ op: "bytes", id, bytes });
      this.#limitComputing();
    };
    input.read(offset, length).then(reply, () => reply(null));
  }

  #limitComputing(): void {
    const why = `it took longer than ${this.#limits.timeout / 1000} s and was terminated`;
    this.#terminateAfter(Math.max(0, this.#left), why);
  }

  #terminateAfter(milliseconds: number, why: string): void {
    this.#since = performance.now();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#terminate(new Error(why)), milliseconds);
  }

  #terminate(error: Error): void {
    this.#port?.end();
    this.#port = null;
    this.#ready = false;
    this.#finish((task) => task.reject(error));
  }

  /** Settles the current task, if there is one, and takes up the next. */
  #finish(settle: (task: Task) => void): void {
    clearTimeout(this.#timer);
    const task = this.#task;
    this.#task = null;
    if (task) settle(task);
    this.#next();
  }
}
