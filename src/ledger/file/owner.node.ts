import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { threadId } from "node:worker_threads";
import { sha256OfText } from "../../bytes/sha256.ts";
import type { Owner } from "./record.ts";

/** The owners alive in this process, whichever copy of this package made them. */
const ownersAlive: Set<string> = sharedSet("media-preflight.owners");

/** One set for all copies of this module in the process. */
function sharedSet(name: string): Set<string> {
  const registry = globalThis as { [key: symbol]: Set<string> | undefined };
  const key = Symbol.for(name);
  const set = registry[key] ?? new Set<string>();
  registry[key] = set;
  return set;
}

/** Linux, include/linux/proc_ns.h: PROC_PID_INIT_INO, the machine's own process namespace. */
const initialNamespace = "pid:[4026531836]";

let host: string | null = null;

/** The host name, and the process namespace if process ids mean something else in it than on the machine itself. */
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

/** A short tag for file names that differs between hosts and process namespaces. */
export function hostTag(): string {
  return sha256OfText(thisHost()).slice(0, 6);
}

/** Whether a process of that id exists on this machine. */
export function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it exists and belongs to another user.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** A new owner within this process; `retire` it when it has finished. */
export function newOwner(): Owner {
  const nonce = `${threadId}-${crypto.randomUUID().slice(0, 13)}`;
  ownersAlive.add(nonce);
  return { pid: process.pid, host: thisHost(), started: startOf(process.pid), nonce };
}

/** Ends an owner while its process continues. */
export function retire(owner: Owner): void {
  ownersAlive.delete(owner.nonce);
}

/**
 * Whether the owner is alive; null if it is on another host and cannot be looked up. A process id alone proves nothing:
 * ids are reused, so the start time must be the same too.
 */
export function isAlive(owner: Owner): boolean | null {
  if (owner.host !== thisHost()) return null;
  if (owner.pid === process.pid && owner.nonce.startsWith(`${threadId}-`))
    return ownersAlive.has(owner.nonce);
  if (!exists(owner.pid)) return false;
  const started = startOf(owner.pid);
  return owner.started === null || started === null || started === owner.started;
}

/**
 * When a process started: boot id and clock ticks since boot; null on other systems than Linux; "gone" for a zombie.
 * proc_pid_stat(5): field 3 is the state, field 22 the start time; field 2 may contain anything.
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
