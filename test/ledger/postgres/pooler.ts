import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { chown, mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { freePort } from "./server.ts";

/** Path of pgbouncer; null if it is not installed. */
export const pgbouncer: string | null =
  ["/usr/sbin", "/usr/bin", ...(process.env.PATH ?? "").split(":")]
    .map((folder) => join(folder, "pgbouncer"))
    .find((path) => existsSync(path)) ?? null;

/** A transaction pooler in front of the server at `url`, on its own port. @param program from `pgbouncer` */
export async function startPooler(
  program: string,
  url: string,
): Promise<{ url: string; stop(): Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), "pgbouncer-"));
  const { hostname, port: serverPort } = new URL(url);
  const port = await freePort();
  const config = join(directory, "pgbouncer.ini");
  await writeFile(
    config,
    `[databases]
postgres = host=${hostname} port=${serverPort} user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 4
server_login_retry = 1
ignore_startup_parameters = extra_float_digits
`,
  );
  const asRoot = userInfo().uid === 0;
  if (asRoot) {
    const id = (flag: string): number => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
    await chown(directory, id("-u"), id("-g"));
  }
  // It refuses to run as root.
  const child = spawn(program, [...(asRoot ? ["-u", "postgres"] : []), config], { stdio: "ignore" });
  try {
    await untilListening(port, child);
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  }
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    async stop() {
      const ended = new Promise((resolve) => child.once("close", resolve));
      if (child.exitCode === null && child.kill("SIGKILL")) await ended;
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function untilListening(port: number, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    if (child.exitCode !== null) throw new Error(`pgbouncer ended with ${child.exitCode}`);
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1");
      socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
      socket.once("connect", () => socket.destroy());
    });
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("pgbouncer does not listen");
}
