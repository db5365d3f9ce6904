import type { Ask, LibraryName, LibraryReading, Question } from "./library-reading.ts";
import type { FromWorker, ToWorker } from "./worker-protocol.ts";

/** A Worker of any kind: thread, process or web worker. */
export interface Port {
  post(message: ToWorker): void;
  /** Stops whatever runs in it, at once. */
  end(): void;
  /** Whether the process must wait for it. */
  hold(busy: boolean): void;
}

/** Starts a Worker; `lost` is called once if it dies. */
export type Start = (receive: (message: FromWorker) => void, lost: (error: Error) => void) => Port;

export interface WorkerLimits {
  /** Milliseconds that a cross-check library may compute on one file; waiting for bytes is not counted. */
  timeout: number;
  /** Milliseconds for a Worker to start, and for a library to load: until it first asks for bytes. */
  startup: number;
}

export const workerLimits: WorkerLimits = { timeout: 2000, startup: 10_000 };

interface Task {
  name: LibraryName;
  question: Question;
  resolve: (libraryReading: LibraryReading) => void;
  reject: (error: Error) => void;
}

/**
 * One Worker, started when first needed and used again, for one question at a time. It is ended when a question takes
 * too long, since a synchronous loop can be stopped in no other way, and started again for the next file.
 */
export function askInWorker(
  start: Start,
  wasm: string | null,
  limits: WorkerLimits = workerLimits,
): { ask: Ask; end: () => void } {
  const queue: Task[] = [];
  let task: Task | null = null;
  let port: Port | null = null;
  let ready = false;
  let id = 0;
  let left = 0;
  let since = 0;
  let loaded = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const tick = (milliseconds: number, why: string): void => {
    since = performance.now();
    clearTimeout(timer);
    timer = setTimeout(() => drop(new Error(why)), milliseconds);
  };
  const tooLong = (): void =>
    tick(Math.max(0, left), `it took longer than ${limits.timeout / 1000} s and was ended`);

  function drop(error: Error): void {
    port?.end();
    port = null;
    ready = false;
    finish((ended) => ended.reject(error));
  }

  function finish(settle: (task: Task) => void): void {
    clearTimeout(timer);
    const ended = task;
    task = null;
    if (ended) settle(ended);
    next();
  }

  function next(): void {
    if (task) return;
    task = queue.shift() ?? null;
    if (!task) {
      port?.hold(false);
      return;
    }
    try {
      port ??= launch();
      port.hold(true);
      if (ready) begin();
      else tick(limits.startup, "its worker did not start");
    } catch (error) {
      drop(error instanceof Error ? error : new Error(String(error)));
    }
  }

  function launch(): Port {
    // A message or an end of a Worker that was dropped must not touch the one after it.
    let own: Port | null = null;
    own = start(
      (message) => {
        if (own === port) receive(message);
      },
      (error) => {
        if (own === port) drop(error);
      },
    );
    own.post({ op: "start", wasm });
    return own;
  }

  function begin(): void {
    if (!task || !port) return;
    left = limits.timeout;
    loaded = false;
    const { name, question } = task;
    port.post({ op: "analyse", id: ++id, crossCheck: name, format: question.format, size: question.size });
    tick(limits.startup, "its library did not load");
  }

  function receive(message: FromWorker): void {
    if (message.op === "ready") {
      ready = true;
      begin();
    } else if (message.id !== id || !task) return;
    else if (message.op === "read") {
      clearTimeout(timer);
      // Nothing of the file can have held it up before it has seen any of it.
      if (loaded) left -= performance.now() - since;
      loaded = true;
      const reply = (bytes: Uint8Array<ArrayBuffer> | null): void => {
        if (message.id !== id || !task) return;
        port?.post({ op: "bytes", id: message.id, bytes });
        tooLong();
      };
      if (left <= 0) tooLong();
      else task.question.read(message.offset, message.length).then(reply, () => reply(null));
    } else if (message.op === "answer") finish((ended) => ended.resolve(message.libraryReading));
    else finish((ended) => ended.reject(new Error(message.why)));
  }

  return {
    ask: (name, question) =>
      new Promise((resolve, reject) => {
        queue.push({ name, question, resolve, reject });
        next();
      }),
    end: () => {
      for (const waiting of queue.splice(0)) waiting.reject(new Error("the crossCheck were dismissed"));
      drop(new Error("the crossCheck were dismissed"));
    },
  };
}
