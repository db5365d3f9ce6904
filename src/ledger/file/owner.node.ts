import { createHash } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { threadId } from "node:worker_threads";
import type { Owner } from "../entry.ts";

/** The owners alive in this process, whichever copy of this package made them. */
const living: Set<string> = shared("media-preflight.owners");

function shared(name: string): Set<string> {
  const place = globalThis as { [key: symbol]: Set<string> | undefined };
  const key = Symbol.for(name);
  const set = place[key] ?? new Set<string>();
  place[key] = set;
  return set;
}

/** Linux, include/linux/proc_ns.h: PROC_PID_INIT_INO, the machine's own process namespace. */
const initialNamespace = "pid:[4026531836]";

let host: string | null = null;

/** The host, and the process namespace where a process id means something else than on the machine itself. */
function thisHost(): string {
  if (host) return host;
  let namespace = "";
  try {
    const own = readlinkSync("/proc/self/ns/pid");
    if (own !== initialNamespace) namespace = ` ${own}`;
  } catch {
    // Not Linux.
  }
  host = `${hostname()}${namespace}`;
  return host;
}

/** Tells hosts, and process namespaces, apart in a file's name. */
export function hostTag(): string {
  return createHash("sha256").update(thisHost()).digest("hex").slice(0, 6);
}

/** Whether a process of that id exists here. */
export function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there, and somebody else's.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** A new owner within this process; `retire` it when it is done. */
export function newOwner(): Owner {
  const nonce = `${threadId}-${crypto.randomUUID().slice(0, 13)}`;
  living.add(nonce);
  return { pid: process.pid, host: thisHost(), started: startOf(process.pid), nonce };
}

/** Ends an owner within a process that goes on. */
export function retire(owner: Owner): void {
  living.delete(owner.nonce);
}

/**
 * Whether the owner is alive; null where that cannot be told from here, because it is on another host.
 * A process id alone proves nothing: ids are used again, so the start time must be the same too.
 */
export function isLiving(owner: Owner): boolean | null {
  if (owner.host !== thisHost()) return null;
  if (owner.pid === process.pid && owner.nonce.startsWith(`${threadId}-`)) return living.has(owner.nonce);
  if (!exists(owner.pid)) return false;
  const started = startOf(owner.pid);
  return owner.started === null || started === null || started === owner.started;
}

/**
 * When a process started: boot id and clock ticks since boot, or null off Linux. "gone" for a zombie, which
 * does no more. proc_pid_stat(5): field 3 is the state, field 22 the start time; field 2 may hold anything.
 */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (fields[0] === "Z" || fields[0] === "X") return "gone";
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "latin1").slice(0, 8);
    return `${boot}:${fields[19]}`;
  } catch {
    return null;
  }
}
