import { execFile, execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { chown, mkdir, mkdtemp, rm } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/* A PostgreSQL server for one test: Debian's, or the one on PATH, on its own port, stopped afterwards. */

const run = promisify(execFile);

/** Folder of PostgreSQL's programs; null if it is not installed. */
export const postgresBin: string | null = findBin();

function findBin(): string | null {
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  for (const version of versions) {
    const bin = join(debian, version, "bin");
    if (existsSync(join(bin, "initdb"))) return bin;
  }
  const path = (process.env.PATH ?? "").split(":").find((folder) => existsSync(join(folder, "initdb")));
  return path ?? null;
}

/** PostgreSQL refuses to run as root. */
const asPostgres = (program: string, args: string[]): Promise<unknown> =>
  userInfo().uid === 0 ? run("runuser", ["-u", "postgres", "--", program, ...args]) : run(program, args);

export interface PostgresServer {
  url: string;
  port: number;
  /** Restarts it at once, as a crash would. */
  restart(mode?: "fast" | "immediate"): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a server with an empty database. @param bin from `postgresBin` */
export async function startPostgres(bin: string): Promise<PostgresServer> {
  const directory = await mkdtemp(join(tmpdir(), "postgres-"));
  if (userInfo().uid === 0) {
    const id = (flag: string): number => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
    await chown(directory, id("-u"), id("-g"));
  }
  const data = join(directory, "data");
  const port = await freePort();
  const program = (name: string, ...args: string[]): Promise<unknown> => asPostgres(join(bin, name), args);
  await program("initdb", "-D", data, "-U", "postgres", "--auth=trust", "-E", "UTF8", "--no-sync");
  const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=${directory} -c max_connections=100`;
  const control = (...args: string[]): Promise<unknown> =>
    program("pg_ctl", "-D", data, "-w", "-l", join(directory, "log"), ...args);
  await control("-o", options, "start");
  return {
    port,
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    async restart(mode = "fast") {
      await control("-m", mode, "-o", options, "restart");
    },
    async stop() {
      await control("-m", "immediate", "stop").catch(() => {});
      await rm(directory, { recursive: true, force: true });
    },
  };
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A folder that the server's user can reach. */
export async function scratch(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "postgres-run-"));
  await mkdir(directory, { recursive: true });
  return directory;
}
